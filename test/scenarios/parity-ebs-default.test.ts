import { describeParity, type Parity } from './parity.ts';

/** A block without any argument switches it on. There is one for each region, so that another one cannot be undecided. */
const setting: Parity = {
  type: 'AWS::EC2::EbsEncryptionByDefault',
  folder: 'ec2-ebs-encryption-by-default',
  nameOf: ({ id }) => id,
  resources: {
    'eu-west-1': {
      properties: { RegionName: '<self>', EbsEncryptionByDefault: true },
      verdicts: { 'ec2-ebs-default-encryption': 'pass' },
    },
  },
  undecided: {},
};

describeParity([setting]);
