/** AWS::IAM::ManagedPolicy. Its native id is its ARN. Its document has versions, of which IAM keeps at most five. */
import type { IAM } from "@aws-sdk/client-iam"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { allPages, clampPageSize } from "../Listing.ts"
import { fromText, PolicyDocument, toText } from "../PolicyDocument.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  ManagedPolicyName: Property.named({ letters: "any", separator: "-", maxLength: 128 })(
    Schema.String.check(Schema.isPattern(/^[\w+=,.@-]{1,128}$/u, { message: "Expected a policy name" })),
  ),
  Path: Property.createOnly(Property.defaultsTo("/")(Schema.optionalKey(Schema.NonEmptyString))),
  Description: Property.createOnly(Schema.optionalKey(Schema.NonEmptyString)),
  PolicyDocument,
  PolicyArn: Property.output(Schema.String),
  PolicyId: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ call }: Connection<IAM>, PolicyArn: string) {
  const { Policy: policy } = yield* call((iam, options) => iam.getPolicy({ PolicyArn }, options))
  const VersionId = yield* required("DefaultVersionId", policy?.DefaultVersionId)
  const { PolicyVersion } = yield* call((iam, options) => iam.getPolicyVersion({ PolicyArn, VersionId }, options))
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

const policies = (
  { call }: Connection<IAM>,
  page: { readonly MaxItems?: number; readonly Marker: string | undefined },
) =>
  Effect.map(
    // Local: the policies of this account, without those that AWS manages.
    call((iam, options) => iam.listPolicies({ Scope: "Local", ...page }, options)),
    ({ Marker: next, Policies = [] }) => ({ items: Policies, next }),
  )

const otherVersions = ({ call }: Connection<IAM>, PolicyArn: string) =>
  allPages((Marker) =>
    Effect.map(
      call((iam, options) => iam.listPolicyVersions({ PolicyArn, Marker }, options)),
      ({ Marker: next, Versions = [] }) => ({
        items: Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true),
        next,
      }),
    ),
  )

const deleteVersions = Effect.fnUntraced(function* (connection: Connection<IAM>, PolicyArn: string, keep: number) {
  // Newest first.
  const versions = (yield* otherVersions(connection, PolicyArn))
    .toSorted((one, other) => Number(other.CreateDate) - Number(one.CreateDate))
    .slice(keep)
  yield* Effect.forEach(versions, ({ VersionId }) =>
    connection.call((iam, options) => iam.deletePolicyVersion({ PolicyArn, VersionId }, options)),
  )
})

export const IamManagedPolicy = awsResource({
  type: "AWS::IAM::ManagedPolicy",
  idempotency: "name",
  properties,
  scope: "account",
  identify: (_, { ManagedPolicyName: name, Path = "/" }, { account, partition }) =>
    Effect.succeed(
      name === undefined || account === undefined ? undefined : `arn:${partition}:iam::${account}:policy${Path}${name}`,
    ),
  client: ({ iam }, target) => iam(target),
  describe,
  // The ARN contains the account number, which cannot be found anywhere else.
  find: Effect.fnUntraced(function* (connection, { properties: { ManagedPolicyName } }) {
    const all = yield* allPages((Marker) => policies(connection, { Marker }))
    const arn = all.find(({ PolicyName }) => PolicyName === ManagedPolicyName)?.Arn
    return arn ?? (yield* ProviderError.of("NotFound", `IAM: there is no policy ${ManagedPolicyName}`))
  }),
  // CreatePolicy: EntityAlreadyExists, "the request was rejected because it attempted to create a resource that already exists".
  refusesSecond: true,
  create: ({ call }, { properties: { Description, ManagedPolicyName, Path, PolicyDocument }, tags }) => {
    const input = { PolicyName: ManagedPolicyName, Path, Description, PolicyDocument: toText(PolicyDocument) }
    return Effect.flatMap(
      call((iam, options) => iam.createPolicy({ ...input, Tags: tags }, options)),
      ({ Policy }) => required("Arn", Policy?.Arn),
    )
  },
  update: Effect.fnUntraced(function* (connection, { desired, nativeId: PolicyArn, patch, present }) {
    if (!Patch.isChanged(patch, "PolicyDocument")) return
    // An update that is sent again may have made its version already.
    if (Equal.equals((yield* present).document, desired.PolicyDocument)) return
    yield* deleteVersions(connection, PolicyArn, 3)
    const PolicyDocument = toText(desired.PolicyDocument)
    yield* connection.call((iam, options) =>
      iam.createPolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault: true }, options),
    )
  }),
  delete: Effect.fnUntraced(function* (connection, PolicyArn) {
    yield* deleteVersions(connection, PolicyArn, 0)
    yield* connection.call((iam, options) => iam.deletePolicy({ PolicyArn }, options))
  }),
  list: (connection, page) =>
    Effect.map(
      policies(connection, { MaxItems: clampPageSize(1, 1000, page), Marker: page.pageToken }),
      ({ items, next }) => ({
        ids: items.map(({ Arn }) => Arn),
        next,
      }),
    ),
})
