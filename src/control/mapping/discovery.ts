/** Between what a discovery finds and the lines of its stream. */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Discovered } from "../../agent/commands/Discovered.ts"
import type { ApiDiscoveryLine, ApiFound, ApiNotListed } from "../api/ApiDiscovery.ts"

type Line = Exclude<ApiDiscoveryLine, { readonly error: unknown } | { readonly end: true }>

const decode = Schema.decodeUnknownEffect(Discovered)

/** A finding as a line. */
export const discoveredToApi = ({ _tag, ...fields }: Discovered): Line =>
  "error" in fields ? { failed: fields satisfies ApiNotListed } : { found: fields satisfies ApiFound }

/** A line as a finding, as a host of the agent gets it. Fails where this version does not know what it says. */
export const discoveredFromApi = (line: Line): Effect.Effect<Discovered, Schema.SchemaError> =>
  decode("found" in line ? { ...line.found, _tag: "Found" } : { ...line.failed, _tag: "Failed" })
