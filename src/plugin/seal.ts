import { environment } from "../protocol/LaunchVariables.ts"
import { sealStdout } from "../transport/SealedStdout.ts"

/**
 * Whether importing `formae/plugin/seal` has sealed stdout: from then on, only
 * the protocol writes to it, and everything else that prints there is log. True
 * in a process that an agent has launched. A test that imports a plugin's entry
 * file keeps its stdout.
 *
 * Make it the first import of the entry file if something that the plugin imports
 * may print as it loads. `runPlugin` seals too, but what was imported has loaded
 * by then.
 *
 * @example
 * ```ts
 * import "formae/plugin/seal"
 * import { definePlugin, runPlugin } from "formae/plugin"
 *
 * runPlugin(definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [] }))
 * ```
 */
export const isSealed: boolean = process.env[environment.cookie] !== undefined

if (isSealed) sealStdout()
