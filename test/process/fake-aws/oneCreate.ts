/** Creates one bucket in the target of its first argument. To be run as a process. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { plugin } from "../../../plugins/fake-aws/src/plugin.ts"
import { callsOf } from "../../plugins/fake-aws/FakeCloud.ts"

const target = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.JsonObject))(process.argv[2])

await callsOf("FakeAWS::S3::Bucket", target)
  .create({ BucketName: "shop-pictures" })
  .pipe(Effect.provide(plugin.layer), Effect.runPromise)
