import type { Permission } from './ip-permission.ts';
import { allProtocols, tcp, udp } from './port-operand.ts';

/** What a permission opens, whoever may come in: `TCP ports 137-139`. */
export function reachText({ protocol, first, last }: Permission): string {
  if (protocol === allProtocols) return 'all protocols and ports';
  if (protocol !== tcp && protocol !== udp) return `protocol ${protocol}`;
  const ports = first === last ? `port ${first}` : `ports ${first}-${last}`;
  return `${protocol === tcp ? 'TCP' : 'UDP'} ${ports}`;
}
