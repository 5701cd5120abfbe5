import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { onMoto } from "./AwsEmulator.ts"
import { type Lifecycle, lifecycle, notTakenOver, recovery } from "./lifecycle.ts"

const secret: Lifecycle = {
  type: "AWS::SecretsManager::Secret",
  wanted: (name) =>
    Effect.succeed({
      Name: `shop/${name}`,
      Description: "The key to the shop",
      SecretString: "hunter2",
      Tags: [
        { Key: "cost", Value: "shop" },
        { Key: "team", Value: "orders" },
      ],
    }),
  unread: ["SecretString"],
  outputs: (_, Id) => {
    assert.match(Id, /^arn:aws:secretsmanager:eu-central-1:\d+:secret:shop\/[a-z-]+-\w{6}$/)
    return { Id }
  },
  change: { to: { SecretString: "hunter2 again", Tags: [{ Key: "team", Value: "shipping" }] } },
  secret: "hunter2",
}

onMoto("AWS::SecretsManager::Secret on moto", (it) => {
  lifecycle(it, secret)
  recovery(it, secret)
  notTakenOver(it, secret)
})
