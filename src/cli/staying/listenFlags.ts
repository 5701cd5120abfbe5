/** The flags of `formae agent` that make it listen at an address. */
import * as Flag from "effect/cli/Flag"
import type * as Option from "effect/Option"
import { textFlag } from "../textFlag.ts"

export const listenFlags = {
  listen: textFlag("listen").pipe(
    Flag.withMetavar("HOST:PORT"),
    Flag.withDescription(
      'Answer at this address too, by HTTP, to callers with a token; "formae agent token add" makes one. An address that other machines can reach needs --tls-cert and --tls-key',
    ),
    Flag.optional,
  ),
  tlsCert: textFlag("tls-cert").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("The certificate for --listen, in PEM, with those that it is signed by"),
    Flag.optional,
  ),
  tlsKey: textFlag("tls-key").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("The key of --tls-cert, in PEM"),
    Flag.optional,
  ),
}

export interface ListenFlags {
  readonly listen: Option.Option<string>
  readonly tlsCert: Option.Option<string>
  readonly tlsKey: Option.Option<string>
}
