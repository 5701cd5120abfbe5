import "formae/plugin/seal"
import { runPlugin } from "formae/plugin"
import { plugin } from "./src/plugin.ts"

runPlugin(plugin)
