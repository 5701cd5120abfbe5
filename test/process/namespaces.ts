/**
 * Namespaces of Linux, which make a test a container of its own: of processes,
 * of mounts, of the host's name. They end with what runs in them, and need no
 * privileges where users may make them.
 */
import { spawnSync } from "node:child_process"
import type { TestOptions } from "vitest"
import { needs } from "../needs.ts"

/** In the order of what tests ask for: the flags of unshare, and what a script must be able to do there. */
const kinds = {
  /** Processes. Sees the /proc of the host, as a container may that shares it. */
  pid: { flags: ["--pid"], proof: "true", name: "pid namespaces" },
  /** Processes, with a /proc of their own. What is started is process 1. */
  container: { flags: ["--pid", "--mount-proc"], proof: "true", name: "pid namespaces with a /proc" },
  /** Processes, and the name of the host. */
  host: { flags: ["--pid", "--uts"], proof: "hostname ci-1", name: "namespaces of host names" },
  /** Mounts. */
  mount: { flags: ["--mount"], proof: "mount -t tmpfs -o size=64k tmpfs /tmp", name: "mount namespaces" },
  /** Mounts, of which that of the root is read-only. */
  readOnly: { flags: ["--mount"], proof: "mount -o bind,remount,ro /", name: "mount namespaces with a read-only root" },
} as const
export type NamespaceKind = keyof typeof kinds

/** A command that runs a script of sh in a namespace. `args` are its `$0`, `$1` and so on; `exec` makes a program process 1. */
export const inNamespace = (
  kind: NamespaceKind,
  script: string,
  ...args: ReadonlyArray<string>
): readonly [string, ...Array<string>] => [
  "unshare",
  "--map-root-user",
  "--fork",
  "--kill-child",
  ...kinds[kind].flags,
  "sh",
  "-ec",
  script,
  ...args,
]

/** Options of a test or a suite that needs a kind of namespace. */
export const needsNamespace = (kind: NamespaceKind): Pick<TestOptions, "skip" | "meta"> => {
  const { name, proof } = kinds[kind]
  const [command, ...args] = inNamespace(kind, proof)
  return needs(name, spawnSync(command, args, { stdio: "ignore" }).status === 0)
}
