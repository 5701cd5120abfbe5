/** Whether an address is free, for which Effect has no service. */
import * as Effect from "effect/Effect"
import { createServer } from "node:net"
import { listenFault } from "../../platform/listenFault.ts"

/** Why nobody could listen there now. It does so for a moment: nothing else knows. */
export const whyTaken = ({ host, port }: { readonly host: string; readonly port: number }) =>
  Effect.callback<string | undefined>((resume) => {
    const server = createServer((connection) => connection.destroy())
    server.once("error", (error) => resume(Effect.succeed(listenFault(error))))
    server.listen(port, host, () => server.close(() => resume(Effect.undefined)))
  })
