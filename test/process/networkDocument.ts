/** A document of one network, with parameters. */
export const network = `parameters:
  region: { type: string, default: eu-west-1, allowed: [eu-west-1, us-east-1] }
  cidr: { type: string }
  dns: { type: boolean, default: false }
  stage: { type: string, default: dev }
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: { $param: region }, settleMillis: 0 } }
resources:
  - label: net
    type: FakeAWS::EC2::VPC
    target: cloud
    properties:
      CidrBlock: { $param: cidr }
      EnableDnsSupport: { $param: dns }
      Tags: [{ Key: stage, Value: { $text: "stage-\${param.stage}" } }]
`

/** What was made of it in its cloud, a row for each network. */
export const networksMade =
  "SELECT json_array(properties ->> 'CidrBlock', properties ->> 'EnableDnsSupport', properties ->> '$.Tags[0].Value') FROM resources ORDER BY 1"
