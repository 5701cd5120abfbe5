/** AWS::IAM::ManagedPolicy. Its native id is its ARN. Its document has versions, of which IAM keeps five. */
import type { IAM } from "@aws-sdk/client-iam"
import { Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At } from "../AwsResourceSpec.ts"
import { everyPage, within } from "../Listing.ts"
import { fromText, PolicyDocument, toText } from "../PolicyDocument.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  ManagedPolicyName: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^[\w+=,.@-]{1,128}$/u, { message: "Expected a policy's name" })),
  ),
  Path: Property.createOnly(Schema.optionalKey(Schema.NonEmptyString)),
  Description: Property.createOnly(Schema.optionalKey(Schema.NonEmptyString)),
  PolicyDocument,
  PolicyArn: Property.output(Schema.String),
  PolicyId: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ ask }: At<IAM>, PolicyArn: string) {
  const { Policy: policy } = yield* ask((iam, options) => iam.getPolicy({ PolicyArn }, options))
  const VersionId = yield* required("DefaultVersionId", policy?.DefaultVersionId)
  const { PolicyVersion } = yield* ask((iam, options) => iam.getPolicyVersion({ PolicyArn, VersionId }, options))
  const document = yield* fromText(PolicyVersion?.Document)
  return {
    nativeId: PolicyArn,
    tags: Tags.fromService(policy?.Tags),
    document,
    properties: returned({
      ManagedPolicyName: policy?.PolicyName,
      Path: policy?.Path,
      Description: policy?.Description === "" ? undefined : policy?.Description,
      PolicyDocument: document,
      PolicyArn,
      PolicyId: policy?.PolicyId,
    }),
  }
})

const policies = ({ ask }: At<IAM>, page: { readonly MaxItems?: number; readonly Marker: string | undefined }) =>
  Effect.map(
    // Local: those of this account, and not those that AWS manages.
    ask((iam, options) => iam.listPolicies({ Scope: "Local", ...page }, options)),
    ({ Marker: next, Policies = [] }) => ({ items: Policies, next }),
  )

const otherVersions = ({ ask }: At<IAM>, PolicyArn: string) =>
  everyPage((Marker) =>
    Effect.map(
      ask((iam, options) => iam.listPolicyVersions({ PolicyArn, Marker }, options)),
      ({ Marker: next, Versions = [] }) => ({
        items: Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true),
        next,
      }),
    ),
  )

const deleteVersions = Effect.fnUntraced(function* (at: At<IAM>, PolicyArn: string, keep: number) {
  // The newest come first.
  const versions = (yield* otherVersions(at, PolicyArn))
    .toSorted((one, other) => Number(other.CreateDate) - Number(one.CreateDate))
    .slice(keep)
  yield* Effect.forEach(versions, ({ VersionId }) =>
    at.ask((iam, options) => iam.deletePolicyVersion({ PolicyArn, VersionId }, options)),
  )
})

export const IamManagedPolicy = awsResource({
  type: "AWS::IAM::ManagedPolicy",
  idempotency: "name",
  properties,
  client: ({ iam }, target) => iam(target),
  describe,
  // The ARN holds the number of the account, which is nowhere else.
  find: Effect.fnUntraced(function* (at, { properties: { ManagedPolicyName } }) {
    const all = yield* everyPage((Marker) => policies(at, { Marker }))
    const arn = all.find(({ PolicyName }) => PolicyName === ManagedPolicyName)?.Arn
    return arn ?? (yield* ProviderError.of("NotFound", `IAM: there is no policy ${ManagedPolicyName}`))
  }),
  create: ({ ask }, { properties: { Description, ManagedPolicyName, Path, PolicyDocument }, tags }) => {
    const input = { PolicyName: ManagedPolicyName, Path, Description, PolicyDocument: toText(PolicyDocument) }
    return Effect.flatMap(
      ask((iam, options) => iam.createPolicy({ ...input, Tags: tags }, options)),
      ({ Policy }) => required("Arn", Policy?.Arn),
    )
  },
  update: Effect.fnUntraced(function* (at, { desired, present: { document, nativeId: PolicyArn } }) {
    if (Equal.equals(document, desired.PolicyDocument)) return
    yield* deleteVersions(at, PolicyArn, 3)
    const PolicyDocument = toText(desired.PolicyDocument)
    yield* at.ask((iam, options) => iam.createPolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault: true }, options))
  }),
  delete: Effect.fnUntraced(function* (at, PolicyArn) {
    yield* deleteVersions(at, PolicyArn, 0)
    yield* at.ask((iam, options) => iam.deletePolicy({ PolicyArn }, options))
  }),
  list: (at, page) =>
    Effect.map(policies(at, { MaxItems: within(1, 1000, page), Marker: page.pageToken }), ({ items, next }) => ({
      ids: items.map(({ Arn }) => Arn),
      next,
    })),
})
