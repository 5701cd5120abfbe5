import * as Schema from "effect/Schema"
import { namespaceKey } from "../../protocol/Identity.ts"
import type { InProcessPlugin } from "../../protocol/InProcessPlugin.ts"

/** Two plugins that are linked into one agent have the same namespace or the same name. */
export class PluginsConflict extends Schema.TaggedError<PluginsConflict>("formae/agent/catalog/PluginsConflict")(
  "PluginsConflict",
  {
    /** What they share. Namespaces are compared without regard to case. */
    shared: Schema.Literals(["namespace", "name"]),
    /** Their names, in the order in which they were given. */
    plugins: Schema.Tuple([Schema.String, Schema.String]),
    /** Their namespaces, in the same order. */
    namespaces: Schema.Tuple([Schema.String, Schema.String]),
  },
) {
  override get message(): string {
    const [plugin, other] = this.plugins
    const [namespace, otherNamespace] = this.namespaces
    return this.shared === "namespace"
      ? `The plugins ${plugin} and ${other} both serve the namespace ${namespace}: link in only one of them`
      : `The plugins of the namespaces ${namespace} and ${otherNamespace} are both named ${plugin}: give one of them another name`
  }
}

/** The first conflict between these plugins, or undefined if they can be linked into one agent. */
export const findConflict = (
  plugins: ReadonlyArray<Pick<InProcessPlugin, "name" | "namespace">>,
): PluginsConflict | undefined => {
  for (const [index, second] of plugins.entries()) {
    for (const first of plugins.slice(0, index)) {
      const shared =
        namespaceKey(first.namespace) === namespaceKey(second.namespace)
          ? "namespace"
          : first.name === second.name
            ? "name"
            : undefined
      if (shared !== undefined) {
        return new PluginsConflict({
          shared,
          plugins: [first.name, second.name],
          namespaces: [first.namespace, second.namespace],
        })
      }
    }
  }
  return undefined
}
