/** child_process.fork with JSON. */
import { startFork } from "./fork.js"

export const start = () => startFork("json")
