/** What a user of the command can do about a change that was not made. */
import type { ChangeError } from "../../agent/index.ts"
import { adviceForQuarantine } from "./adviceForQuarantine.ts"
import { shellWord } from "./shellWord.ts"

/** Sentences that follow the message of the error, or an empty text. */
export const adviceForChange = (error: Pick<ChangeError, "code" | "openOperation" | "plugin">): string => {
  const { code, openOperation, plugin } = error
  const release = code === "PluginQuarantined" && plugin !== undefined ? adviceForQuarantine(plugin) : ""
  // What was left under way on request is resumed; nobody has to settle it.
  const settle = openOperation === undefined || code === "LeftUnderWay" ? "" : adviceForOpen(openOperation)
  return [release, settle].filter((advice) => advice !== "").join(". ")
}

/** The commands that settle an operation whose end is not known. */
const adviceForOpen = ({ forma, kind, label }: NonNullable<ChangeError["openOperation"]>): string => {
  const [resource, of] = [shellWord(label), `--forma ${shellWord(forma)}`]
  const forget = `"formae forget ${resource} ${of}"`
  return kind === "Create"
    ? `If it exists, run "formae adopt ${resource} NATIVE_ID ${of}". If it does not, run ${forget}, so that it can be created again`
    : `${forget} gives up on it`
}
