/** The module that the agent runs. Keep `formae/plugin` the first import: from then on, only the protocol writes to stdout. */
import { runPlugin } from "formae/plugin"
import { plugin } from "./src/plugin.ts"

runPlugin(plugin)
