/** The environment of a launch: an allow-list, and the identity of the launch. */
import type { Cookie, LaunchId, NodeName } from "../../protocol/Identity.ts"
import { variableKey } from "../../platform/Platform.ts"
import { environment as identityVariables } from "../../protocol/LaunchVariables.ts"

/** What programs need on Windows to find what belongs to the system, and to the user. */
const neededByWindows: ReadonlyArray<string> = [
  "SystemRoot",
  "SystemDrive",
  "windir",
  "ComSpec",
  "PATHEXT",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "ProgramData",
]

/** What every program needs to find its files, know its language, reach its hosts and trust them. */
const alwaysAllowed: ReadonlyArray<string> = [
  ...neededByWindows,
  "PATH",
  "HOME",
  "XDG_CACHE_HOME",
  "TMPDIR",
  "TMP",
  "TEMP",
  "LANG",
  "LC_*",
  "TZ",
  "NODE_EXTRA_CA_CERTS",
  "NODE_USE_SYSTEM_CA",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_USE_ENV_PROXY",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
]

/** Never passed on, whatever a manifest allows: the first two change how Node itself runs, the third lets its bearer command an agent, the others are each launch's own. */
const neverAllowed: ReadonlySet<string> = new Set([
  "NODE_OPTIONS",
  "NODE_INSPECT_RESUME_ON_START",
  "FORMAE_AGENT_TOKEN",
  ...Object.values(identityVariables),
])

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern

/** Whether each plugin sees what `asked` stands for, even if its manifest does not ask for it. */
export const isAlwaysAllowed = (asked: string): boolean => alwaysAllowed.includes(asked)

/** Whether a plugin sees the variable `name` because its manifest asks for one of `asked`. */
export const isAskedFor = (asked: ReadonlyArray<string>, name: string): boolean =>
  !neverAllowed.has(name) && asked.some((pattern) => matches(pattern, name))

export interface LaunchIdentity {
  readonly agentNode: NodeName
  readonly pluginNode: NodeName
  readonly cookie: Cookie
  readonly launch: LaunchId
}

/**
 * The part of the environment `host` that a plugin sees if its manifest allows `allowed`, and its own variables, which
 * go before. Names are compared as `platform` does, and stay as they are given. Of names that it takes for one the first
 * counts.
 */
export const launchEnvironment = (
  host: Readonly<Record<string, string | undefined>>,
  allowed: ReadonlyArray<string>,
  identity: LaunchIdentity,
  platform: string,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> => {
  const keyOf = (name: string) => variableKey(platform, name)
  const patterns = [...alwaysAllowed, ...allowed].map(keyOf)
  const taken = new Set([...neverAllowed].map(keyOf))
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) {
    if (taken.has(keyOf(name))) continue
    taken.add(keyOf(name))
    environment[name] = value
  }
  for (const [name, value] of Object.entries(host)) {
    const key = keyOf(name)
    if (value === undefined || taken.has(key) || !patterns.some((pattern) => matches(pattern, key))) continue
    taken.add(key)
    environment[name] = value
  }
  environment[identityVariables.agentNode] = identity.agentNode
  environment[identityVariables.pluginNode] = identity.pluginNode
  environment[identityVariables.cookie] = identity.cookie
  environment[identityVariables.launch] = identity.launch
  return environment
}
