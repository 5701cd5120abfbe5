/** What the agent runs. `runPlugin` comes first, because from then on stdout is the protocol's. */
import { runPlugin } from "formae/plugin"
import { plugin } from "./src/plugin.ts"

runPlugin(plugin)
