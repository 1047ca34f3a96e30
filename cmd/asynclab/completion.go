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
	fmt.Fprintf(b, bashBegin, strings.Join(valued(commands), "|"))
	fmt.Fprintf(b, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"%s --help\"\n", strings.Join(names, " "))
	b.WriteString("  else\n    case \"${COMP_WORDS[1]}:$prev\" in\n")
	for _, n := range commands {
		for _, f := range n.Flags {
			if list := ofScenario(n, f); list != "" {
				fmt.Fprintf(b, "      %s:--%s) words=\"$(asynclab params \"$scenario\" %s 2>/dev/null)\"; end=\"%s\" ;;\n", n.Name, f.Name, list, ending(f))
			}
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
	b.WriteString("      esac ;;\n    esac\n  fi\n" + bashEnd)
}

// bashBegin splits the line at blanks, because bash splits words at ":" and "=" too, and
// finds the scenario: the first word that is neither an option nor the value of one.
const bashBegin = `_asynclab() {
  local line="${COMP_LINE:0:$COMP_POINT}" words="" end="" scenario="" last="" word cut
  local cur="${line##* }" prev="${line%% *}"
  prev="${prev##* }"
  for word in "${COMP_WORDS[@]:2}"; do
    case "$last:$word" in
      *:-*) ;;
      %s) ;;
      *) scenario="$word"; break ;;
    esac
    last="$word"
  done
`

// bashEnd offers what follows the last ":" or "=", where bash splits there. The arrow of
// a link would be a redirection.
const bashEnd = `  COMPREPLY=($(compgen -S "$end" -W "$words" -- "$cur"))
  [ -z "$end" ] || compopt -o nospace 2>/dev/null
  case "$COMP_WORDBREAKS" in
    *:*) cut="${cur%"${cur##*[:=]}"}"
      COMPREPLY=("${COMPREPLY[@]#"$cut"}")
      COMPREPLY=("${COMPREPLY[@]//>/\\>}") ;;
  esac
}
complete -o default -F _asynclab asynclab
`

// valued are patterns of an option that has a value, before a word.
func valued(commands []*kong.Node) (all []string) {
	for _, n := range commands {
		for _, f := range n.Flags {
			if p := "--" + f.Name + ":*"; !f.IsBool() && !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// ofScenario is the option of params that lists the values of an option, where they come
// from the scenario: the names of designs, the paths of parameters.
func ofScenario(n *kong.Node, f *kong.Flag) string {
	if !takesScenario(n) {
		return ""
	}
	switch f.Name {
	case "design", "base":
		return "--designs"
	case "set", "vary":
		return "--names"
	}
	return ""
}

// ending follows such a value.
func ending(f *kong.Flag) string {
	if f.Name == "set" || f.Name == "vary" {
		return "="
	}
	return ""
}

func fish(b *strings.Builder, commands []*kong.Node) {
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" }
	for _, n := range commands {
		fmt.Fprintf(b, "complete -c asynclab -n __fish_use_subcommand -f -a %s -d %s\n", n.Name, quote(n.Help))
		seen := "'__fish_seen_subcommand_from " + n.Name + "'"
		for _, f := range n.Flags {
			fmt.Fprintf(b, "complete -c asynclab -n %s -l %s -d %s", seen, f.Name, quote(f.Help))
			if list := ofScenario(n, f); list != "" {
				fmt.Fprintf(b, " -x -a '(asynclab params (commandline -opc)[3] %s 2>/dev/null)'", list)
			} else if f.Enum != "" {
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
