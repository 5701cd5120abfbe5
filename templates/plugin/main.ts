/** The module that the agent runs. Keep the seal the first import: from then on, only the protocol writes to stdout. */
import "formae/plugin/seal"
import { runPlugin } from "formae/plugin"
import { plugin } from "./src/plugin.ts"

runPlugin(plugin)
