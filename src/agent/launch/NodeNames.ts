/**
 * The names of the nodes, resolved in one place. A registrar that spans hosts
 * replaces this layer, and nothing else has to know.
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import { NodeName } from "../../protocol/Identity.ts"

/** The names of the agent's node and of the plugins' nodes. */
export class NodeNames extends Context.Service<
  NodeNames,
  {
    /** The node of this agent. */
    readonly agent: NodeName
    /** The node of the plugin with this name. */
    readonly plugin: (name: string) => NodeName
  }
>()("formae/agent/launch/NodeNames") {
  /** All nodes are on this host. */
  static readonly layer = Layer.succeed(
    NodeNames,
    NodeNames.of({
      agent: NodeName.make("agent@localhost"),
      plugin: (name) => NodeName.make(`${name}-plugin@localhost`),
    }),
  )
}
