/** Where a plugin can be had that serves a namespace which no plugin here serves. */
import { namespaceKey } from "../../protocol/index.ts"

/** The packages of formae, by the namespace that they serve. */
const packages: ReadonlyMap<string, string> = new Map([
  [namespaceKey("AWS"), "@formae/plugin-aws"],
  [namespaceKey("Azure"), "@formae/plugin-azure"],
])

/** A sentence that follows the message about the namespace. */
export const adviceForNamespace = (namespace: string): string => {
  const name = packages.get(namespaceKey(namespace))
  return name === undefined
    ? `Install a plugin for it, with npm or with "formae plugin add PACKAGE", or name its folder with --plugins`
    : `Install its plugin: npm install ${name}, or without a package.json: formae plugin add ${name}`
}
