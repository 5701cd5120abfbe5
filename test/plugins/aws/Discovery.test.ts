import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { layerFake, operationsOf, tokenOf } from "./FakeClients.ts"

/** Includes resources that AWS owns, which emulators do not have. */
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
  ] as const)("of %s contains %j and nothing that AWS owns", ([type, nativeIds]) =>
    Effect.gen(function* () {
      const found = yield* operationsOf(type)
        .list()
        .pipe(Effect.provide(layerFake(pages)))
      assert.deepStrictEqual(found, { nativeIds: nativeIds.map((id) => NativeId.make(id)) })
    }),
  )
})

/** A call that returns one item, named after the requested page, and the token of the next page. */
const paged = (give: (input: { readonly [name: string]: unknown }) => unknown) => (input: never) => give(input)

const services = {
  ec2: {
    describeVpcs: paged(({ NextToken = "first" }) => ({ Vpcs: [{ VpcId: NextToken }], NextToken: "next" })),
    describeSubnets: paged(({ NextToken = "first" }) => ({ Subnets: [{ SubnetId: NextToken }], NextToken: "next" })),
    describeSecurityGroups: paged(({ NextToken = "first" }) => ({
      SecurityGroups: [{ GroupId: NextToken, GroupName: "web" }],
      NextToken: "next",
    })),
  },
  lambda: {
    listFunctions: paged(({ Marker = "first" }) => ({ Functions: [{ FunctionName: Marker }], NextMarker: "next" })),
  },
  s3: {
    listBuckets: paged(({ ContinuationToken = "first" }) => ({
      Buckets: [{ Name: ContinuationToken }],
      ContinuationToken: "next",
    })),
  },
}

describe("a page of a list", () => {
  it.effect.each([
    "AWS::EC2::VPC",
    "AWS::EC2::Subnet",
    "AWS::EC2::SecurityGroup",
    "AWS::Lambda::Function",
    "AWS::S3::Bucket",
  ])("of %s is the page that the token names", (type) =>
    Effect.gen(function* () {
      const { list } = operationsOf(type)
      for (const token of [undefined, tokenOf("second")]) {
        const page = yield* list(token)
        assert.deepStrictEqual(page, {
          nativeIds: [NativeId.make(token === undefined ? "first" : "second")],
          nextPageToken: tokenOf("next"),
        })
      }
    }).pipe(Effect.provide(layerFake(services))),
  )
})
