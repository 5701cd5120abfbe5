/** IAM. */
import { fixed, type Subject, tagsCase } from "../Subject.ts"
import type { AwsSdk } from "./AwsSdk.ts"

const allow = (Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
})

const trust = (...services: ReadonlyArray<string>) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: services.map((service) => `${service}.amazonaws.com`) },
      Action: "sts:AssumeRole",
    },
  ],
})

const managed = (label: string, name: string, action: string) => ({
  label,
  type: "AWS::IAM::ManagedPolicy",
  properties: { ManagedPolicyName: name, PolicyDocument: allow(action) },
})

const policy = (PolicyName: string, action: string) => ({ PolicyName, PolicyDocument: allow(action) })

export const IamRole: Subject<AwsSdk> = {
  type: "AWS::IAM::Role",
  others: (name) => [managed("one", `${name}-1`, "s3:GetObject"), managed("two", `${name}-2`, "s3:PutObject")],
  required: (name) => ({ RoleName: name, AssumeRolePolicyDocument: trust("lambda") }),
  cases: (name) => [
    { property: "RoleName", value: name, changed: `${name}-b`, drift: fixed },
    { property: "Path", value: "/shop/", changed: "/office/", drift: fixed, removed: "/" },
    {
      property: "AssumeRolePolicyDocument",
      value: trust("lambda"),
      changed: trust("lambda", "ec2"),
      drift: ({ iam }, { nativeId: RoleName }) =>
        iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: JSON.stringify(trust("lambda", "ec2", "ecs")) }),
    },
    {
      property: "Description",
      value: "a",
      changed: "b",
      drift: ({ iam }, { nativeId: RoleName }) => iam.updateRole({ RoleName, Description: "c" }),
    },
    {
      property: "MaxSessionDuration",
      value: 7200,
      changed: 10_800,
      drift: ({ iam }, { nativeId: RoleName }) => iam.updateRole({ RoleName, MaxSessionDuration: 14_400 }),
      removed: 3600,
    },
    {
      property: "PermissionsBoundary",
      value: { $ref: "one.PolicyArn" },
      changed: { $ref: "two.PolicyArn" },
      drift: ({ iam }, { nativeId: RoleName }) => iam.deleteRolePermissionsBoundary({ RoleName }),
    },
    {
      property: "ManagedPolicyArns",
      value: [{ $ref: "one.PolicyArn" }],
      changed: [{ $ref: "two.PolicyArn" }],
      drift: ({ iam }, { nativeId: RoleName, properties }) => {
        const [PolicyArn] = properties["ManagedPolicyArns"] as ReadonlyArray<string>
        return iam.detachRolePolicy({ RoleName, PolicyArn })
      },
      removed: [],
    },
    {
      property: "Policies",
      value: [policy("read", "s3:GetObject")],
      changed: [policy("read", "s3:GetObjectVersion"), policy("write", "s3:PutObject")],
      drift: ({ iam }, { nativeId: RoleName }) =>
        iam.putRolePolicy({ RoleName, PolicyName: "other", PolicyDocument: JSON.stringify(allow("s3:*")) }),
      removed: [],
    },
    tagsCase(({ iam }, { nativeId: RoleName }) => iam.tagRole({ RoleName, Tags: [{ Key: "other", Value: "hand" }] })),
  ],
  delete: ({ iam }, { nativeId: RoleName }) => iam.deleteRole({ RoleName }),
}

export const IamManagedPolicy: Subject<AwsSdk> = {
  type: "AWS::IAM::ManagedPolicy",
  required: (name) => ({ ManagedPolicyName: name, PolicyDocument: allow("s3:GetObject") }),
  cases: (name) => [
    { property: "ManagedPolicyName", value: name, changed: `${name}-b`, drift: fixed },
    { property: "Path", value: "/shop/", changed: "/office/", drift: fixed, removed: "/" },
    { property: "Description", value: "a", changed: "b", drift: fixed },
    {
      property: "PolicyDocument",
      value: allow("s3:GetObject"),
      changed: allow("s3:PutObject"),
      drift: ({ iam }, { nativeId: PolicyArn }) =>
        iam.createPolicyVersion({ PolicyArn, PolicyDocument: JSON.stringify(allow("s3:*")), SetAsDefault: true }),
    },
  ],
  delete: ({ iam }, { nativeId: PolicyArn }) => iam.deletePolicy({ PolicyArn }),
}
