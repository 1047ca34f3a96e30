package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"One of bash, zsh, fish."`
}

// Help is shown below the options.
func (completionCmd) Help() string {
	return `Examples:

  source <(asynclab completion bash)
  asynclab completion zsh > "${fpath[1]}/_asynclab"
  asynclab completion fish > ~/.config/fish/completions/asynclab.fish`
}

func (c *completionCmd) Run(a *app) error {
	parser, err := newParser(&cli{}, io.Discard, io.Discard)
	if err != nil {
		return err
	}
	var b strings.Builder
	commands := parser.Model.Children
	switch c.Shell {
	case "bash":
		bash(&b, commands)
	case "zsh":
		// zsh runs the bash script with its emulation, bashcompinit.
		b.WriteString("#compdef asynclab\nautoload -U +X bashcompinit && bashcompinit\n")
		bash(&b, commands)
	case "fish":
		fish(&b, commands)
	}
	_, err = io.WriteString(a.stdout, b.String())
	return err
}

// takesScenario tells whether a command's argument is a scenario.
func takesScenario(n *kong.Node) bool {
	for _, p := range n.Positional {
		if p.Name == "scenario" || p.Name == "file" && n.Name == "validate" {
			return true
		}
	}
	return false
}

// below lists the subcommands of a command and their options.
func below(n *kong.Node) string {
	var all []string
	for _, c := range n.Children {
		all = append(all, c.Name)
	}
	for _, c := range n.Children {
		for _, f := range c.Flags {
			if f.Name != "help" && !slices.Contains(all, "--"+f.Name) {
				all = append(all, "--"+f.Name)
			}
		}
	}
	return strings.Join(all, " ")
}

// words lists the allowed values of an option or argument: its enum.
func words(v *kong.Value) string { return strings.Join(v.EnumSlice(), " ") }

func bash(b *strings.Builder, commands []*kong.Node) {
	var names []string
	for _, n := range commands {
		names = append(names, n.Name)
	}
	b.WriteString("_asynclab() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" words=\"\"\n")
	fmt.Fprintf(b, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"%s --help\"\n", strings.Join(names, " "))
	b.WriteString("  else\n    case \"${COMP_WORDS[1]}:$prev\" in\n")
	for _, n := range commands {
		for _, f := range n.Flags {
			if f.Enum != "" {
				fmt.Fprintf(b, "      %s:--%s) words=\"%s\" ;;\n", n.Name, f.Name, words(f.Value))
			}
		}
	}
	b.WriteString("      *) case \"${COMP_WORDS[1]}\" in\n")
	for _, n := range commands {
		var all []string
		for _, f := range n.Flags {
			all = append(all, "--"+f.Name)
		}
		for _, p := range n.Positional {
			if p.Enum != "" {
				all = append(all, words(p))
			}
		}
		if takesScenario(n) {
			all = append(all, "$(asynclab list --names 2>/dev/null)")
		}
		if len(n.Children) > 0 {
			all = append(all, below(n), "$(asynclab lesson list --ids 2>/dev/null)")
		}
		fmt.Fprintf(b, "        %s) words=\"%s\" ;;\n", n.Name, strings.Join(all, " "))
	}
	b.WriteString("      esac ;;\n    esac\n  fi\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _asynclab asynclab\n")
}

func fish(b *strings.Builder, commands []*kong.Node) {
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" }
	for _, n := range commands {
		fmt.Fprintf(b, "complete -c asynclab -n __fish_use_subcommand -f -a %s -d %s\n", n.Name, quote(n.Help))
		seen := "'__fish_seen_subcommand_from " + n.Name + "'"
		for _, f := range n.Flags {
			fmt.Fprintf(b, "complete -c asynclab -n %s -l %s -d %s", seen, f.Name, quote(f.Help))
			if f.Enum != "" {
				fmt.Fprintf(b, " -x -a %s", quote(words(f.Value)))
			} else if !f.IsBool() {
				b.WriteString(" -r")
			}
			b.WriteByte('\n')
		}
		for _, p := range n.Positional {
			if p.Enum != "" {
				fmt.Fprintf(b, "complete -c asynclab -n %s -f -a %s\n", seen, quote(words(p)))
			}
		}
		if len(n.Children) > 0 {
			fmt.Fprintf(b, "complete -c asynclab -n %s -a '%s (asynclab lesson list --ids 2>/dev/null)'\n", seen, below(n))
		}
		if takesScenario(n) {
			fmt.Fprintf(b, "complete -c asynclab -n %s -a '(asynclab list --names 2>/dev/null)'\n", seen)
		}
	}
}
