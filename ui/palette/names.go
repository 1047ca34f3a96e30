package palette

import "fyne.io/fyne/v2"

// The names of the lab's own colours, which the theme resolves for light and
// dark, as it does Fyne's: theme.Color(palette.ColorRequest) anywhere, and the
// colour follows the theme.
const (
	// Nodes by kind: inside and outline.
	ColorClientFill       fyne.ThemeColorName = "asynclab.client.fill"
	ColorClientEdge       fyne.ThemeColorName = "asynclab.client.edge"
	ColorServiceFill      fyne.ThemeColorName = "asynclab.service.fill"
	ColorServiceEdge      fyne.ThemeColorName = "asynclab.service.edge"
	ColorBrokerFill       fyne.ThemeColorName = "asynclab.broker.fill"
	ColorBrokerEdge       fyne.ThemeColorName = "asynclab.broker.edge"
	ColorQueueFill        fyne.ThemeColorName = "asynclab.queue.fill"
	ColorQueueEdge        fyne.ThemeColorName = "asynclab.queue.edge"
	ColorTopicFill        fyne.ThemeColorName = "asynclab.topic.fill"
	ColorTopicEdge        fyne.ThemeColorName = "asynclab.topic.edge"
	ColorSubscriptionFill fyne.ThemeColorName = "asynclab.subscription.fill"
	ColorSubscriptionEdge fyne.ThemeColorName = "asynclab.subscription.edge"
	ColorStage            fyne.ThemeColorName = "asynclab.stage" // background of the picture
	ColorEdge             fyne.ThemeColorName = "asynclab.edge"  // a link, and its arrow head
	ColorDeadEdge         fyne.ThemeColorName = "asynclab.edge.dead"
	ColorLabel            fyne.ThemeColorName = "asynclab.label" // names of nodes
	ColorMuted            fyne.ThemeColorName = "asynclab.muted" // details, labels of links, axes
	ColorSelection        fyne.ThemeColorName = "asynclab.selection"
	ColorFollowed         fyne.ThemeColorName = "asynclab.followed" // the ring round the dots of one operation

	// Messages, by record.Mark.
	ColorRequest     fyne.ThemeColorName = "asynclab.request"
	ColorReply       fyne.ThemeColorName = "asynclab.reply"
	ColorFailedReply fyne.ThemeColorName = "asynclab.reply.failed"
	ColorEvent       fyne.ThemeColorName = "asynclab.event"
	ColorAck         fyne.ThemeColorName = "asynclab.ack"
	ColorNack        fyne.ThemeColorName = "asynclab.nack"
	ColorRetry       fyne.ThemeColorName = "asynclab.retry"
	ColorDuplicate   fyne.ThemeColorName = "asynclab.duplicate"
	ColorDeadLetter  fyne.ThemeColorName = "asynclab.deadletter"
	ColorCancel      fyne.ThemeColorName = "asynclab.cancel"

	// Losses and failures, by record.Mark.
	ColorLostSpark     fyne.ThemeColorName = "asynclab.spark.lost"
	ColorRejectedSpark fyne.ThemeColorName = "asynclab.spark.rejected"
	ColorFailedSpark   fyne.ThemeColorName = "asynclab.spark.failed"
	ColorDeadSpark     fyne.ThemeColorName = "asynclab.spark.dead"

	// Health of nodes, by control.Health.
	ColorUp      fyne.ThemeColorName = "asynclab.health.up"
	ColorSlow    fyne.ThemeColorName = "asynclab.health.slow"
	ColorFailing fyne.ThemeColorName = "asynclab.health.failing"
	ColorStopped fyne.ThemeColorName = "asynclab.health.stopped"
	ColorPartly  fyne.ThemeColorName = "asynclab.health.partly"
	ColorDown    fyne.ThemeColorName = "asynclab.health.down"

	// Bars and cells of nodes.
	ColorIdle    fyne.ThemeColorName = "asynclab.idle"    // a worker that is free; the trough of a bar
	ColorBusy    fyne.ThemeColorName = "asynclab.busy"    // a worker that works
	ColorBlocked fyne.ThemeColorName = "asynclab.blocked" // a worker that is blocked on a call
	ColorWaiting fyne.ThemeColorName = "asynclab.waiting" // tasks in a waiting room, messages in a queue
	ColorUnacked fyne.ThemeColorName = "asynclab.unacked" // messages delivered, not acknowledged

	// Plots.
	ColorCurve1 fyne.ThemeColorName = "asynclab.curve.1"
	ColorCurve2 fyne.ThemeColorName = "asynclab.curve.2"
	ColorCurve3 fyne.ThemeColorName = "asynclab.curve.3"
	ColorCurve4 fyne.ThemeColorName = "asynclab.curve.4"
	ColorCurve5 fyne.ThemeColorName = "asynclab.curve.5"
	ColorCurve6 fyne.ThemeColorName = "asynclab.curve.6"
	ColorCurve7 fyne.ThemeColorName = "asynclab.curve.7"
	ColorCurve8 fyne.ThemeColorName = "asynclab.curve.8"
	ColorFault  fyne.ThemeColorName = "asynclab.fault" // the band behind a fault
	ColorGrid   fyne.ThemeColorName = "asynclab.grid"

	// The text of a scenario.
	ColorCodeKey    fyne.ThemeColorName = "asynclab.code.key"
	ColorCodeNumber fyne.ThemeColorName = "asynclab.code.number"
	ColorCodeQuoted fyne.ThemeColorName = "asynclab.code.quoted"

	// Designs side by side.
	ColorLane1 fyne.ThemeColorName = "asynclab.lane.1"
	ColorLane2 fyne.ThemeColorName = "asynclab.lane.2"
	ColorLane3 fyne.ThemeColorName = "asynclab.lane.3"
	ColorLane4 fyne.ThemeColorName = "asynclab.lane.4"
)
