/** Where a plugin can be had that serves a namespace which no plugin here serves. */
import { nearestName } from "../../agent/forma/nearestName.ts"
import type { NamespaceUnknown } from "../../agent/index.ts"
import { namespaceKey } from "../../protocol/index.ts"

/** The packages of formae, by the namespace that they serve. */
const packages: ReadonlyMap<string, string> = new Map([
  [namespaceKey("AWS"), "@formae/plugin-aws"],
  [namespaceKey("Azure"), "@formae/plugin-azure"],
])

/** A sentence that follows the message about the namespace. */
export const adviceForNamespace = ({ known, namespace }: Pick<NamespaceUnknown, "known" | "namespace">): string => {
  const name = packages.get(namespaceKey(namespace))
  if (name !== undefined) {
    return `Install its plugin: npm install ${name}, or without a package.json: formae plugin add ${name}`
  }
  const meant = nearestName(namespace, known)
  return meant === undefined
    ? `Install a plugin for it, with npm or with "formae plugin add PACKAGE", or name its folder with --plugins`
    : `Did you mean ${meant}?`
}
