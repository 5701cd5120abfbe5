/** child_process.fork with the structured clone algorithm. */
import { startFork } from "./fork.js"

export const start = () => startFork("advanced")
