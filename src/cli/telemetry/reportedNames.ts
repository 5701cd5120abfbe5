/**
 * Which spans of this process are reported: a command, what it asks of the agent,
 * its plan, each resource, and each call of a plugin. Statements, journals and
 * steps inside of these are not: there are ten times as many, and they wait for
 * nobody else.
 */
const parts: ReadonlySet<string> = new Set(["formae", "Agent", "Planner", "plugin", "resource"])

export const isReported = (name: string): boolean => parts.has(name.split(/[. ]/, 1)[0] ?? "")
