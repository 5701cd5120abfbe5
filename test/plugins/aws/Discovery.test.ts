import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { layerPlayed, operationsOf } from "./fakeClients.ts"

/** What AWS owns and an emulator does not have. */
const pages = {
  secretsManager: {
    listSecrets: () => ({ SecretList: [{ ARN: "mine" }, { ARN: "managed", OwningService: "rds" }] }),
  },
  iam: {
    listRoles: () => ({
      Roles: [
        { RoleName: "mine", Path: "/" },
        { RoleName: "of-a-service", Path: "/service-role/" },
        { RoleName: "linked", Path: "/aws-service-role/rds.amazonaws.com/" },
        { RoleName: "sign-on", Path: "/aws-reserved/sso.amazonaws.com/" },
      ],
    }),
  },
  sns: {
    listSubscriptions: () => ({
      Subscriptions: [{ SubscriptionArn: "arn:1" }, { SubscriptionArn: "PendingConfirmation" }],
    }),
  },
}

describe("a list", () => {
  it.effect.each([
    ["AWS::SecretsManager::Secret", ["mine"]],
    ["AWS::IAM::Role", ["mine", "of-a-service"]],
    ["AWS::SNS::Subscription", ["arn:1"]],
  ] as const)("of %s holds %j, and nothing of AWS's own", ([type, nativeIds]) =>
    Effect.gen(function* () {
      const found = yield* operationsOf(type)
        .list()
        .pipe(Effect.provide(layerPlayed(pages)))
      assert.deepStrictEqual(found, { nativeIds: nativeIds.map((id) => NativeId.make(id)) })
    }),
  )
})
