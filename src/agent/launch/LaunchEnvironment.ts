/** The environment of a launch: an allow-list, and the identity of the launch. */
import type { Cookie, LaunchId, NodeName } from "../../protocol/Identity.ts"
import { environment as identityVariables } from "../../protocol/LaunchVariables.ts"

/** What every program needs to find its files, know its language and trust its hosts. */
const alwaysAllowed: ReadonlyArray<string> = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "XDG_CACHE_HOME",
  "LOCALAPPDATA",
  "TMPDIR",
  "TMP",
  "TEMP",
  "LANG",
  "LC_*",
  "TZ",
  "SystemRoot",
  "NODE_EXTRA_CA_CERTS",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
]

/** Never passed on, whatever a manifest allows: they change how Node itself runs. */
const neverAllowed: ReadonlySet<string> = new Set(["NODE_OPTIONS", "NODE_INSPECT_RESUME_ON_START"])

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern

/** Whether each plugin sees what `asked` stands for, even if its manifest does not ask for it. */
export const isAlwaysAllowed = (asked: string): boolean => alwaysAllowed.includes(asked)

export interface LaunchIdentity {
  readonly agentNode: NodeName
  readonly pluginNode: NodeName
  readonly cookie: Cookie
  readonly launch: LaunchId
}

/** The part of the environment `host` that a plugin sees if its manifest allows `allowed`. */
export const launchEnvironment = (
  host: Readonly<Record<string, string | undefined>>,
  allowed: ReadonlyArray<string>,
  identity: LaunchIdentity,
): Record<string, string> => {
  const patterns = [...alwaysAllowed, ...allowed]
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(host)) {
    if (value === undefined || neverAllowed.has(name)) continue
    if (patterns.some((pattern) => matches(pattern, name))) environment[name] = value
  }
  environment[identityVariables.agentNode] = identity.agentNode
  environment[identityVariables.pluginNode] = identity.pluginNode
  environment[identityVariables.cookie] = identity.cookie
  environment[identityVariables.launch] = identity.launch
  return environment
}
