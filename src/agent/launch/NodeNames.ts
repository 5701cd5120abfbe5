/**
 * The names of the nodes, resolved in one place: of an agent that is alone, and of
 * a runner among others.
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
  /** The nodes of a runner, such as `agent-1@host`. Its plugins run on the same host, as `aws-plugin@host`. */
  static readonly layerCluster = (agent: NodeName): Layer.Layer<NodeNames> => {
    const host = agent.slice(agent.indexOf("@") + 1)
    return Layer.succeed(NodeNames, NodeNames.of({ agent, plugin: (name) => NodeName.make(`${name}-plugin@${host}`) }))
  }
}
