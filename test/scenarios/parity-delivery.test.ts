import { describeParity, type Parity } from './parity.ts';

const certificate = 'arn:aws:acm:eu-west-1:111122223333:certificate/acme';
const plain = { Listener: { Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 } };

const classic: Parity = {
  type: 'AWS::ElasticLoadBalancing::LoadBalancer',
  folder: 'elastic-load-balancing-load-balancer',
  nameOf: ({ properties }) => String(properties.LoadBalancerName),
  resources: {
    kept: {
      properties: {
        LoadBalancerName: '<self>',
        Scheme: 'internet-facing',
        SecurityGroups: ['sg-0123456789abcdef0'],
        Subnets: ['subnet-0a1'],
        ListenerDescriptions: [
          {
            Listener: {
              Protocol: 'HTTPS',
              LoadBalancerPort: 443,
              InstanceProtocol: 'HTTP',
              InstancePort: 8080,
              SSLCertificateId: certificate,
            },
          },
        ],
      },
      verdicts: { 'elb-classic-listeners-encrypted': 'pass' },
    },
    within: {
      properties: { Scheme: 'internal', ListenerDescriptions: [plain] },
      verdicts: { 'elb-classic-listeners-encrypted': 'not-applicable' },
    },
    broken: {
      properties: {
        Scheme: 'internet-facing',
        ListenerDescriptions: [
          plain,
          {
            Listener: {
              Protocol: 'SSL',
              LoadBalancerPort: 8443,
              InstanceProtocol: 'TCP',
              InstancePort: 8443,
              SSLCertificateId: certificate,
            },
          },
        ],
      },
      verdicts: { 'elb-classic-listeners-encrypted': 'fail' },
    },
  },
  undecided: { undecided: { 'elb-classic-listeners-encrypted': 'unknown' } },
};

const balancers: Parity = {
  type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  folder: 'elastic-load-balancing-v2-load-balancer',
  nameOf: ({ properties }) => String(properties.LoadBalancerName),
  resources: {
    kept: { properties: { LoadBalancerArn: '<self>', Type: 'application', Scheme: 'internal' }, verdicts: {} },
    broken: {
      properties: { Type: 'application', Scheme: 'internet-facing', SecurityGroups: ['sg-0123456789abcdef0'] },
      verdicts: {},
    },
    network: { properties: { Type: 'network', Scheme: 'internet-facing' }, verdicts: {} },
    gateway: { properties: { Type: 'gateway' }, verdicts: {} },
  },
  undecided: { undecided: {} },
};

describeParity([classic, balancers]);
