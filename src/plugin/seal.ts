/**
 * `formae/plugin/seal`: the first import of a plugin's entry file, where
 * something that the plugin imports may print as it loads. From then on, only
 * the protocol writes to stdout, and everything else that prints there is log.
 *
 * Only a process that an agent has launched is sealed: a test that imports the
 * entry file keeps its stdout. `runPlugin` seals too, but what was imported has
 * loaded by then.
 */
import { environment } from "../protocol/LaunchVariables.ts"
import { sealStdout } from "../transport/SealedStdout.ts"

if (process.env[environment.cookie] !== undefined) sealStdout()
