import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeCollector } from "./collector.ts"
import { makeFolder } from "./formaeCommand.ts"

const document = JSON.stringify({
  name: "shop",
  targets: {
    cloud: { namespace: "FakeAWS", config: { cloud: "./cloud.db", region: "eu-west-1", settleMillis: 300 } },
  },
  resources: [
    { label: "net", type: "FakeAWS::EC2::VPC", target: "cloud", properties: { CidrBlock: "10.0.0.0/16" } },
    { label: "pictures", type: "FakeAWS::S3::Bucket", target: "cloud", properties: { BucketName: "pictures" } },
  ],
})

describe("the telemetry of a command", () => {
  it.live("is one trace from what was typed to each call of the provider, and its metrics", () =>
    Effect.gen(function* () {
      const { formaeAs, write } = yield* makeFolder
      const collector = yield* makeCollector
      write("shop.json", document)
      const traceId = "0af7651916cd43dd8448eb211c80319c"
      const applied = yield* formaeAs(
        {},
        { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TRACEPARENT: `00-${traceId}-b7ad6b7169203331-01` },
      )("apply", "shop.json", "--yes")
      assert.strictEqual(applied.code, 0, applied.stderr)
      const paths = collector.paths()
      const command = "? > formae apply [formae]"
      const resource = `${command} > Agent.apply [formae] > resource.ensure [formae]`
      const create = `${resource} > plugin.Create [formae] > Create [formae.fake-aws]`
      const count = (path: string) => paths.filter((one) => one === path).length
      assert.strictEqual(count(command), 1)
      assert.strictEqual(count(resource), 2)
      assert.strictEqual(count(create), 2)
      assert.strictEqual(count(`${create} > provider.Create [formae.fake-aws]`), 2)
      assert.strictEqual(count(`${create} > provider.Create [formae.fake-aws] > provider.request [formae.fake-aws]`), 2)
      assert.isAtLeast(count(`${create} > provider.Status [formae.fake-aws]`), 2)
      // Nothing is without a parent but what was typed, which was asked for by somebody else.
      assert.deepEqual(
        paths.filter((path) => !path.startsWith(command)),
        [],
      )
      assert.deepEqual([...new Set(collector.spans().map((span) => span.traceId))], [traceId])
      const labels = collector.spans().flatMap(({ attributes }) => {
        return attributes.flatMap(({ key, value }) => (key === "formae.resource.label" ? [value.stringValue] : []))
      })
      assert.sameMembers(labels, ["net", "pictures"])
      for (const name of ["formae.command.duration", "formae.operation.duration", "formae.plugin.launches"]) {
        assert.include(collector.metricNames(), name)
      }
    }),
  )

  it.live("that nobody takes changes nothing but for one warning", () =>
    Effect.gen(function* () {
      const { formaeAs, write } = yield* makeFolder
      write("shop.json", document)
      // Nobody listens at this port of the host.
      const planned = yield* formaeAs({}, { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" })("plan", "shop.json")
      assert.strictEqual(planned.code, 0)
      assert.match(
        planned.stderr,
        /^\S+ WARN formae: Telemetry is not sent to 127\.0\.0\.1:1\/v1\/\w+: the collector cannot be reached\..*\n$/m,
      )
      assert.lengthOf(planned.stderr.match(/Telemetry/g) ?? [], 1)
    }),
  )
})
