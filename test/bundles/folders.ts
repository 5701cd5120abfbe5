/** Where the bundles are that tests start, as a build makes them: from source each start would compile all of it again. */
import { fileURLToPath } from "node:url"

const folder = new URL("../../node_modules/.cache/formae/", import.meta.url)
const pathOf = (part: string) => fileURLToPath(new URL(part, folder))

/** The command, `main.mjs` in it. */
export const commandFolder = pathOf("cli")
/** The plugins that the command finds by itself. */
export const pluginsFolder = pathOf("plugins")
/** The plugin of the crash points alone. */
export const steppingFolder = pathOf("stepping")
/** The agent of the crash points, `main.mjs` in it. */
export const steppingAgentFolder = pathOf("stepping-agent")
/** Which run of the tests has made them. */
export const madeBy = pathOf("made-by")
