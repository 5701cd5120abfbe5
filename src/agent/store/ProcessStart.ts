/**
 * What tells a process from all others that ever have its id, as text that is
 * stored: the boot of the machine, the ticks from it to the start of the process,
 * and the pid namespace. Earlier versions have stored no namespace.
 */
const format = /^(\S+) (\d+)(?: (\d+))?$/

/** The namespace that a machine boots with. Its number is always the same, and no container has it. */
const initialNamespace = "4026531836"

export const formatStart = (boot: string, ticks: string, namespace: string | undefined): string =>
  [boot, ticks, ...(namespace === undefined ? [] : [namespace])].join(" ")

/** The number in the link /proc/PID/ns/pid, which is `pid:[NUMBER]`. */
export const namespaceIn = (link: string): string | undefined => /^pid:\[(\d+)\]$/.exec(link)?.[1]

/** Whether both are one process. Two of one boot that began in the same tick and have the same id are. */
export const isSameStart = (one: string, other: string): boolean => {
  const [, boot, ticks] = format.exec(one) ?? []
  const [, otherBoot, otherTicks] = format.exec(other) ?? []
  return boot !== undefined && boot === otherBoot && ticks === otherTicks
}

/**
 * Whether a process with the start `other` and the same host name can be seen by
 * one with the start `own`. In another pid namespace the same id is another
 * process: process 1 of each container is there while the container runs. After
 * another boot a machine has none of its processes, but two containers with one
 * host name may be on two machines. Where either namespace is not known, it can.
 */
export const canSee = (own: string | null, other: string | null): boolean => {
  const [, boot, , namespace] = format.exec(own ?? "") ?? []
  const [, otherBoot, , otherNamespace] = format.exec(other ?? "") ?? []
  if (namespace === undefined || otherNamespace === undefined) return true
  return namespace === otherNamespace && (boot === otherBoot || namespace === initialNamespace)
}
