/** `formae-plugin.json`: what a plugin says about itself before it runs. */
import * as Schema from "effect/Schema"
import { ProtocolRange } from "../../protocol/Handshake.ts"
import { Namespace } from "../../protocol/Identity.ts"

export const manifestFile = "formae-plugin.json"

/** What a plugin's `formae-plugin.json` says about it. */
export class Manifest extends Schema.Opaque<Manifest>()(
  Schema.Struct({
    /** The name of the plugin, such as `fake-aws`. */
    name: Schema.String.check(
      Schema.isPattern(/^[a-z0-9][a-z0-9-]*$/, { message: "Expected a name of lower case letters, digits and dashes" }),
    ),
    /** The namespace that it serves, such as `FakeAWS`. */
    namespace: Namespace,
    /** Its semantic version. */
    version: Schema.SemVerFromString,
    /** The versions of the protocol that it speaks. */
    protocol: ProtocolRange,
    /** The lowest version of formae that it works with. */
    minAgentVersion: Schema.SemVerFromString,
    /** The module to run, relative to the manifest: with slashes, whatever the system. */
    entry: Schema.NonEmptyString,
    /**
     * The environment variables that the plugin may see, in addition to the few
     * that every program needs. A `*` at the end stands for the rest of a name.
     */
    environment: Schema.Array(
      Schema.String.check(
        Schema.isPattern(/^[A-Za-z_][A-Za-z0-9_]*\*?$/, { message: "Expected a variable such as HOME or AWS_*" }),
      ),
    ),
  }),
) {}
