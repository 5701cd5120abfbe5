/** What a user of the command can do about a change that was not made. */
import type { ChangeError } from "../../agent/index.ts"
import { adviceForQuarantine } from "./adviceForQuarantine.ts"
import { shellWord } from "./shellWord.ts"

type Advised = Pick<ChangeError, "code" | "openOperation" | "plugin">

/**
 * Gives the sentences that follow the message of each error of one output, or
 * an empty text. What was said about one change is not said again at length
 * about the next.
 */
export const makeChangeAdvice = (): ((error: Advised) => string) => {
  const said = new Set<string>()
  const isNew = (key: string): boolean => !said.has(key) && said.add(key).size > 0
  return ({ code, openOperation, plugin }) => {
    const isQuarantined = code === "PluginQuarantined" && plugin !== undefined
    const release = isQuarantined && isNew(`release ${plugin}`) ? adviceForQuarantine(plugin) : ""
    // What was left under way on request is resumed; nobody has to settle it.
    const open = code === "LeftUnderWay" ? undefined : openOperation
    const settle =
      open === undefined
        ? ""
        : isNew(`settle ${open.kind === "Create"} ${open.forma}`)
          ? adviceForOpen(open)
          : `Settle ${shellWord(open.label)} in the same way`
    return [release, settle].filter((advice) => advice !== "").join(". ")
  }
}

/** The commands that settle an operation whose end is not known. */
const adviceForOpen = ({ forma, kind, label }: NonNullable<ChangeError["openOperation"]>): string => {
  const [resource, of] = [shellWord(label), `--forma ${shellWord(forma)}`]
  const forget = `"formae forget ${resource} ${of}"`
  return kind === "Create"
    ? `If it exists, run "formae adopt ${resource} NATIVE_ID ${of}". If it does not, run ${forget}, so that it can be created again`
    : `${forget} gives up on it`
}
