/** What AWS does but its emulators do not, added in front of them. Without it, a crash would have effects that it cannot have with AWS. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Call, Service, ServiceAnswer } from "./faultProxy.ts"

const CreateTableInput = Schema.fromJsonString(
  Schema.Struct({ Tags: Schema.Array(Schema.Struct({ Key: Schema.String, Value: Schema.String })) }),
)
const CreateTableOutput = Schema.fromJsonString(
  Schema.Struct({ TableDescription: Schema.Struct({ TableArn: Schema.String }) }),
)

export const amzTarget = ({ headers }: Pick<Call, "headers">): string =>
  String(headers["x-amz-target"] ?? "").replace(/^.*\./, "")

/** DynamoDB sets the tags of a table in CreateTable, in one step. Dynalite ignores them. */
export const tagsOnCreateTable = (dynalite: Service): Service =>
  Effect.fnUntraced(function* (call) {
    const answer = yield* dynalite(call)
    if (amzTarget(call) !== "CreateTable" || answer.status !== 200) return answer
    const { Tags } = yield* Effect.orDie(Schema.decodeEffect(CreateTableInput)(call.body))
    const { TableDescription } = yield* Effect.orDie(Schema.decodeEffect(CreateTableOutput)(answer.body))
    const body = JSON.stringify({ ResourceArn: TableDescription.TableArn, Tags })
    const headers = {
      ...call.headers,
      "x-amz-target": "DynamoDB_20120810.TagResource",
      "content-length": `${body.length}`,
    }
    yield* dynalite({ ...call, headers, body })
    return answer
  })

/** S3 sets the tags of a bucket in CreateBucket, in one step. Moto ignores them. */
export const tagsOnCreateBucket = (moto: Service): Service =>
  Effect.fnUntraced(function* (call) {
    const answer = yield* moto(call)
    const tags = /<Tags>.*<\/Tags>/s.exec(call.body)?.[0]
    if (tags === undefined || call.method !== "PUT" || answer.status !== 200) return answer
    const body = `<Tagging>${tags.replaceAll("Tags>", "TagSet>")}</Tagging>`
    const headers = { host: call.headers.host, authorization: call.headers.authorization }
    yield* moto({ ...call, url: `${call.url}?tagging`, headers, body })
    return answer
  })

const CreateClusterInput = Schema.fromJsonString(Schema.Struct({ clientToken: Schema.String }))
const decodeCreateCluster = Schema.decodeUnknownOption(CreateClusterInput)

/** DSQL answers a create with a known token, even one still in progress, with the first cluster. Moto creates another. */
export const tokensOnCreateCluster = (moto: Service): Service => {
  const answers = new Map<string, Effect.Effect<ServiceAnswer>>()
  return Effect.fnUntraced(function* (call) {
    const token = call.method === "POST" && call.url === "/cluster" ? decodeCreateCluster(call.body) : undefined
    if (token?._tag !== "Some") return yield* moto(call)
    const { clientToken } = token.value
    const request = answers.get(clientToken) ?? (yield* Effect.cached(moto(call)))
    answers.set(clientToken, request)
    const answer = yield* request
    // A create that failed may be repeated.
    if (answer.status >= 300) answers.delete(clientToken)
    return answer
  })
}
