/** A target that is written out on the command line. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { Namespace } from "../../protocol/index.ts"
import { badInput } from "../CommandFailure.ts"

const decodeConfig = Schema.decodeUnknownEffect(Schema.fromJsonString(JsonObject))
const isNamespace = Schema.is(Namespace)

/** The plugin whose target it is: that of the types. */
export const targetOf = Effect.fnUntraced(function* (types: ReadonlyArray<string>) {
  const namespaces = [...new Set(types.map((type) => type.split("::")[0] ?? ""))]
  const [namespace] = namespaces
  if (namespace === undefined || namespaces.length > 1 || !isNamespace(namespace)) {
    return yield* badInput(
      "TargetUnclear",
      "--target-config is that of one plugin: name a type of it, such as AWS::EC2::VPC, or AWS for all of its types",
    )
  }
  return { namespace }
})

/** Its config. The text may hold a secret, so no message shows it. */
export const configOfTarget = (text: string) =>
  Effect.mapError(decodeConfig(text), () =>
    badInput("TargetInvalid", `--target-config is not an object in JSON, such as '{"region":"eu-west-1"}'`),
  )
