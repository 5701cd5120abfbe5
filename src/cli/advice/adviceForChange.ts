/** What a user of the command can do about a change that was not made. */
import type { ChangeError } from "../../agent/index.ts"
import { adviceForQuarantine } from "./adviceForQuarantine.ts"

/** Sentences that follow the message of the error, or an empty text. */
export const adviceForChange = (error: Pick<ChangeError, "code" | "openOperation" | "plugin">): string => {
  const { code, openOperation, plugin } = error
  const release = code === "PluginQuarantined" && plugin !== undefined ? adviceForQuarantine(plugin) : ""
  const settle = openOperation === undefined ? "" : adviceForOpen(openOperation)
  return [release, settle].filter((advice) => advice !== "").join(". ")
}

/** The commands that settle an operation whose end is not known. */
const adviceForOpen = ({ forma, kind, label }: NonNullable<ChangeError["openOperation"]>): string => {
  const forget = `"formae forget ${label} --forma ${forma}" forgets it`
  return kind === "Create" ? `"formae adopt ${label} NATIVE_ID --forma ${forma}" adopts it, ${forget}` : forget
}
