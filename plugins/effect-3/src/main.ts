/**
 * The entry. It keeps stdout for frames before anything else is loaded, and
 * says what to do where this plugin has not been installed: its dependencies
 * can not be installed beside those of formae, so `npm ci` of the root leaves
 * them out.
 */
const noCookie = 64
const notInstalled = 69

const frames = process.stdout.write.bind(process.stdout)
// Whatever prints is log.
process.stdout.write = process.stderr.write.bind(process.stderr)
process.on("SIGTERM", () => process.exit(0))

const leave = (code: number, message: string) => {
  process.stderr.write(`${message}\n`)
  process.exitCode = code
}

const { FORMAE_NETWORK_COOKIE: cookie, FORMAE_PLUGIN_NODE: node = "effect-3-plugin@localhost" } = process.env
if (cookie === undefined) {
  leave(noCookie, "This is a plugin of formae: it is started by the agent, and not by hand")
} else {
  await import("./server.ts").then(
    ({ serve }) => serve({ cookie, node, pid: process.pid }, frames),
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ERR_MODULE_NOT_FOUND") throw cause
      leave(notInstalled, `The plugin effect-3 is not installed (${cause.message}): run "npm run install:effect-3"`)
    },
  )
}
