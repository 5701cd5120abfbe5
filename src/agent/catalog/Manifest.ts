/** `formae-plugin.json`: what a plugin says about itself before it runs. */
import * as Schema from "effect/Schema"
import { ProtocolRange } from "../../protocol/Handshake.ts"
import { Namespace } from "../../protocol/Identity.ts"

export const manifestFile = "formae-plugin.json"

export class Manifest extends Schema.Opaque<Manifest>()(
  Schema.Struct({
    name: Schema.String.check(
      Schema.isPattern(/^[a-z0-9][a-z0-9-]*$/, { message: "Expected a name of lower case letters, digits and dashes" }),
    ),
    namespace: Namespace,
    version: Schema.SemVerFromString,
    protocol: ProtocolRange,
    minAgentVersion: Schema.SemVerFromString,
    /** The module to run, relative to the manifest. */
    entry: Schema.NonEmptyString,
    /**
     * The environment variables that the plugin may see, besides the few that
     * every program needs. A `*` at the end stands for the rest of a name.
     */
    environment: Schema.Array(
      Schema.String.check(
        Schema.isPattern(/^[A-Za-z_][A-Za-z0-9_]*\*?$/, { message: "Expected a variable such as HOME or AWS_*" }),
      ),
    ),
  }),
) {}
