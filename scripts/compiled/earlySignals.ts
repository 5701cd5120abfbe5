/**
 * Listens for signals from the first line of the command on. Until then a SIGHUP
 * ends the process, even under nohup; the command takes it over
 * (src/cli/earlyHangup.ts). Where bin/formae.js has started this, it listens already.
 */
declare const IS_COMMAND: boolean

/** Others find here whether a SIGHUP has come. */
export const hangupKey = Symbol.for("formae/hangup")
if (IS_COMMAND && !Reflect.has(globalThis, hangupKey)) {
  const hangup = { received: false, listen: () => void (hangup.received = true) }
  Reflect.set(globalThis, hangupKey, hangup)
  process.on("SIGHUP", hangup.listen)
  // Without a listener Node opens its inspector, at an address that every local user can ask for. A plugin has none: the
  // agent opens its inspector where it hangs.
  process.on("SIGUSR1", () => undefined)
}
