/** The official SDK of AWS, by which somebody else changes what is on an emulator. */
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs"
import { DSQL } from "@aws-sdk/client-dsql"
import { DynamoDB } from "@aws-sdk/client-dynamodb"
import { EC2 } from "@aws-sdk/client-ec2"
import { IAM } from "@aws-sdk/client-iam"
import { Lambda } from "@aws-sdk/client-lambda"
import { S3 } from "@aws-sdk/client-s3"
import { SecretsManager } from "@aws-sdk/client-secrets-manager"
import { SNS } from "@aws-sdk/client-sns"
import { SQS } from "@aws-sdk/client-sqs"
import { SSM } from "@aws-sdk/client-ssm"

export const awsSdk = (endpoint: string, region: string) => {
  const config = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 }
  return {
    dsql: new DSQL(config),
    dynamodb: new DynamoDB(config),
    ec2: new EC2(config),
    iam: new IAM(config),
    lambda: new Lambda(config),
    logs: new CloudWatchLogs(config),
    s3: new S3({ ...config, forcePathStyle: true }),
    secrets: new SecretsManager(config),
    sns: new SNS(config),
    sqs: new SQS({ ...config, useQueueUrlAsEndpoint: false }),
    ssm: new SSM(config),
  }
}
export type AwsSdk = ReturnType<typeof awsSdk>
