/**
 * The entry. It reserves stdout for frames before anything else is loaded. If
 * this plugin is not installed, it says what to do: its dependencies cannot be
 * installed next to those of formae, so `npm ci` in the root leaves them out.
 */
const noCookie = 64
const notInstalled = 69

const frames = process.stdout.write.bind(process.stdout)
// Everything else that this process prints is log.
process.stdout.write = process.stderr.write.bind(process.stderr)
process.on("SIGTERM", () => process.exit(143))

const leave = (code: number, message: string) => {
  process.stderr.write(`${message}\n`)
  process.exitCode = code
}

const { FORMAE_NETWORK_COOKIE: cookie, FORMAE_PLUGIN_NODE: node = "effect-3-plugin@localhost" } = process.env
if (cookie === undefined) {
  leave(noCookie, "This is a plugin of formae. It is started by the formae agent, not by hand")
} else {
  // A process that this one starts is not a plugin.
  delete process.env.FORMAE_NETWORK_COOKIE
  await import("./server.ts").then(
    ({ serve }) => serve({ cookie, node, pid: process.pid }, frames),
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ERR_MODULE_NOT_FOUND") throw cause
      leave(notInstalled, `The plugin effect-3 is not installed (${cause.message}): run "npm run install:effect-3"`)
    },
  )
}
