/** What Node prints about its inspector on stderr, between the lines of the plugin. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/** The address in the line in which Node says where its inspector listens. */
export const inspectorAddress = (line: string): string | undefined =>
  /^Debugger listening on (ws:\/\/(?:127\.0\.0\.1|\[::1\]|localhost):\S+)$/.exec(line)?.[1]

/** Whether this is the line in which Node says that a debugger is attached. */
const isDebuggerAttached = (line: string): boolean => line === "Debugger attached."

/** Whether a line is Node's, about its inspector, and not the plugin's. */
export const isInspectorNotice = (line: string): boolean =>
  isDebuggerAttached(line) ||
  inspectorAddress(line) !== undefined ||
  // The page differs between versions of Node.
  /^For help, see: https:\/\/nodejs\.org\/\S+$/.test(line) ||
  line === "Waiting for the debugger to disconnect..."

export interface InspectorNotices {
  /** Reads a line, and returns whether it is Node's and not the plugin's. */
  readonly read: (line: string) => boolean
  /** Completes with the address of the inspector, once Node has printed it. */
  readonly address: Effect.Effect<string>
  readonly isDebugged: () => boolean
}

export const makeInspectorNotices = (): InspectorNotices => {
  const address = Deferred.makeUnsafe<string>()
  let debugged = false
  return {
    read: (line) => {
      const found = inspectorAddress(line)
      if (found !== undefined) Deferred.doneUnsafe(address, Effect.succeed(found))
      // Only after the address: anybody can print the words alone.
      if (isDebuggerAttached(line) && Deferred.isDoneUnsafe(address)) debugged = true
      return isInspectorNotice(line)
    },
    address: Deferred.await(address),
    isDebugged: () => debugged,
  }
}
