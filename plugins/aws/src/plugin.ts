/** The AWS namespace, built on the official AWS SDK v3. */
import { definePlugin, OperationKeys } from "formae/plugin"
import * as Layer from "effect/Layer"
import { AwsClients } from "./AwsClients.ts"
import { ownKey, settings, TagKeys } from "./TagKeys.ts"
import { DynamoDbTable } from "./types/DynamoDbTable.ts"
import { DsqlCluster } from "./types/DsqlCluster.ts"
import { Ec2SecurityGroup } from "./types/Ec2SecurityGroup.ts"
import { Ec2Subnet } from "./types/Ec2Subnet.ts"
import { Ec2Vpc } from "./types/Ec2Vpc.ts"
import { IamManagedPolicy } from "./types/IamManagedPolicy.ts"
import { IamRole } from "./types/IamRole.ts"
import { LambdaFunction } from "./types/LambdaFunction.ts"
import { LogsLogGroup } from "./types/LogsLogGroup.ts"
import { S3Bucket } from "./types/S3Bucket.ts"
import { S3BucketPolicy } from "./types/S3BucketPolicy.ts"
import { SecretsManagerSecret } from "./types/SecretsManagerSecret.ts"
import { SnsSubscription } from "./types/SnsSubscription.ts"
import { SnsTopic } from "./types/SnsTopic.ts"
import { SqsQueue } from "./types/SqsQueue.ts"
import { SsmParameter } from "./types/SsmParameter.ts"

export const plugin = definePlugin({
  name: "aws",
  namespace: "AWS",
  version: "0.2.0",
  limitsRequests: true,
  types: [
    S3Bucket,
    S3BucketPolicy,
    DynamoDbTable,
    SqsQueue,
    SnsTopic,
    SnsSubscription,
    SsmParameter,
    SecretsManagerSecret,
    LogsLogGroup,
    IamRole,
    IamManagedPolicy,
    Ec2Vpc,
    Ec2Subnet,
    Ec2SecurityGroup,
    LambdaFunction,
    DsqlCluster,
  ],
  settings,
  layer: ({ tags }) => Layer.merge(AwsClients.layer, Layer.succeed(TagKeys, OperationKeys.from(ownKey, tags))),
})
