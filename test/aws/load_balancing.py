"""Load balancers whose listeners answer in clear, redirect only in part, or offer old versions of TLS."""

from typing import Any

from account import ABROAD, HOME, Account, States, verdict

REDIRECT = "elb-http-redirects-to-https"
TLS = "elb-tls-policy-modern"
CLASSIC = "elb-classic-listeners-encrypted"

MODERN = "ELBSecurityPolicy-TLS13-1-2-2021-06"

TO_HTTPS = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
TO_HTTP = {
    "Type": "redirect",
    "RedirectConfig": {"Protocol": "HTTP", "Host": "www.example.com", "StatusCode": "HTTP_302"},
}
SAME_PROTOCOL = {
    "Type": "redirect",
    "RedirectConfig": {"Protocol": "#{protocol}", "Path": "/new", "StatusCode": "HTTP_301"},
}


def answer(status: str) -> dict[str, Any]:
    return {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": status, "ContentType": "text/plain"}}


# Port, what is special about it, the policy, and what must be said of it.
POLICIES = [
    (443, "TLS 1.0 in the default policy of old", "ELBSecurityPolicy-2016-08", "fail"),
    (8443, "TLS 1.0 beside post-quantum keys", "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09", "fail"),
    (9443, "TLS 1.1 and newer", "ELBSecurityPolicy-TLS-1-1-2017-01", "fail"),
    (10443, "TLS 1.0 beside TLS 1.3", "ELBSecurityPolicy-TLS13-1-0-2021-06", "fail"),
    (11443, "TLS 1.2 alone", "ELBSecurityPolicy-TLS-1-2-2017-01", "pass"),
    (12443, "TLS 1.3 and 1.2", MODERN, "pass"),
    (13443, "TLS 1.3 alone", "ELBSecurityPolicy-TLS13-1-3-2021-06", "pass"),
    (14443, "TLS 1.2 with forward secrecy", "ELBSecurityPolicy-FS-1-2-Res-2020-10", "pass"),
    (15443, "a policy that the region does not list", "ELBSecurityPolicy-FS-2018-06", "unknown"),
]


class Place:
    """A network in one region with its load balancers."""

    def __init__(self, account: Account, region: str, block: str) -> None:
        self.ec2 = account.client("ec2", region)
        self.elb = account.client("elbv2", region)
        self.vpc = self.ec2.create_vpc(CidrBlock=f"{block}.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            self.ec2.create_subnet(
                VpcId=self.vpc, CidrBlock=f"{block}.{index}.0/24", AvailabilityZone=f"{region}{zone}"
            )["Subnet"]["SubnetId"]
            for index, zone in enumerate("ab")
        ]
        self.certificate = account.client("acm", region).request_certificate(DomainName="www.example.com")[
            "CertificateArn"
        ]

    def balancer(self, name: str, scheme: str = "internet-facing", kind: str = "application") -> str:
        made = self.elb.create_load_balancer(Name=f"acme-{name}", Subnets=self.subnets, Scheme=scheme, Type=kind)
        return made["LoadBalancers"][0]["LoadBalancerArn"]

    def targets(self, name: str, protocol: str = "HTTP") -> dict[str, Any]:
        made = self.elb.create_target_group(Name=f"acme-{name}", Protocol=protocol, Port=8080, VpcId=self.vpc)
        return {"Type": "forward", "TargetGroupArn": made["TargetGroups"][0]["TargetGroupArn"]}

    def listener(self, balancer: str, protocol: str, port: int, action: dict[str, Any], policy: str = "") -> str:
        secure = {"SslPolicy": policy, "Certificates": [{"CertificateArn": self.certificate}]} if policy else {}
        made = self.elb.create_listener(
            LoadBalancerArn=balancer, Protocol=protocol, Port=port, DefaultActions=[action], **secure
        )
        return made["Listeners"][0]["ListenerArn"]

    def rule(self, listener: str, path: str, action: dict[str, Any]) -> str:
        condition = {"Field": "path-pattern", "Values": [path]}
        made = self.elb.create_rule(ListenerArn=listener, Priority=10, Conditions=[condition], Actions=[action])
        return made["Rules"][0]["RuleArn"]

    def mend(self, listener: str) -> None:
        self.elb.modify_listener(ListenerArn=listener, DefaultActions=[TO_HTTPS])


def states(account: Account) -> States:
    parts = (redirect_states(account), policy_states(account), classic_states(account))
    for verdicts in zip(*parts, strict=True):
        yield [each for part in verdicts for each in part]


# Name, what is special about it, its listeners by port, whether it is internal, and what must be said of it.
CLASSICS = [
    ("https", "HTTPS and SSL", {443: "HTTPS", 993: "SSL"}, False, "pass"),
    ("http", "HTTP alone", {80: "HTTP"}, False, "fail"),
    ("both", "HTTP beside HTTPS", {443: "HTTPS", 80: "HTTP"}, False, "fail"),
    ("mail", "TCP on a port that is in clear", {25: "TCP"}, False, "fail"),
    ("through", "TCP passed through", {443: "TCP"}, False, "unknown"),
    ("inside", "HTTP on the inside", {80: "HTTP"}, True, "not-applicable"),
]


def classic_states(account: Account) -> States:
    """Classic load balancers, of which one is in the second region."""
    home = Place(account, HOME, "10.34")
    abroad = Place(account, ABROAD, "10.35")

    def listener(place: Place, port: int, protocol: str) -> dict[str, Any]:
        secure = {"SSLCertificateId": place.certificate} if protocol in ("HTTPS", "SSL") else {}
        return {"Protocol": protocol, "LoadBalancerPort": port, "InstancePort": 8000 + port % 1000, **secure}

    def make(place: Place, region: str, name: str, ports: dict[int, str], inside: bool) -> Any:
        elb = account.client("elb", region)
        elb.create_load_balancer(
            LoadBalancerName=f"acme-{name}",
            Listeners=[listener(place, port, protocol) for port, protocol in ports.items()],
            Subnets=place.subnets,
            **({"Scheme": "internal"} if inside else {}),
        )
        return elb

    for name, _, ports, inside, _ in CLASSICS:
        make(home, HOME, name, ports, inside)
    far = make(abroad, ABROAD, "far", {80: "HTTP"}, False)
    yield [
        *(verdict(CLASSIC, HOME, f"acme-{name}", trap, outcome) for name, trap, _, _, outcome in CLASSICS),
        verdict(CLASSIC, ABROAD, "acme-far", "HTTP, in the second region", "fail"),
    ]

    near = account.client("elb")
    broken = [(near, home, name, ports) for name, _, ports, _, outcome in CLASSICS if outcome == "fail"]
    for elb, place, name, ports in [*broken, (far, abroad, "far", {80: "HTTP"})]:
        plain = [port for port, protocol in ports.items() if protocol not in ("HTTPS", "SSL")]
        elb.delete_load_balancer_listeners(LoadBalancerName=f"acme-{name}", LoadBalancerPorts=plain)
        elb.create_load_balancer_listeners(
            LoadBalancerName=f"acme-{name}", Listeners=[listener(place, 8443, "HTTPS")]
        )
    mended = [
        (f"acme-{name}", f"{trap}, before it was mended", "pass" if outcome == "fail" else outcome)
        for name, trap, _, _, outcome in CLASSICS
    ]
    yield [
        *(verdict(CLASSIC, HOME, name, trap, outcome) for name, trap, outcome in mended),
        verdict(CLASSIC, ABROAD, "acme-far", "HTTPS, in the second region", "pass"),
    ]


def redirect_states(account: Account) -> States:
    home = Place(account, HOME, "10.30")
    abroad = Place(account, ABROAD, "10.31")
    public = home.balancer("web")
    web = home.targets("web")
    plain = {
        port: home.listener(public, "HTTP", port, action)
        for port, action in (
            (80, TO_HTTPS),
            (81, TO_HTTPS),
            (82, TO_HTTPS),
            (83, web),
            (84, TO_HTTP),
            (85, SAME_PROTOCOL),
            (86, answer("200")),
            (87, answer("404")),
        )
    }
    by_path = home.rule(plain[80], "/partner/*", web)
    home.rule(plain[81], "/old/*", TO_HTTPS)
    answering = home.rule(plain[82], "/status", answer("200"))
    home.rule(plain[87], "/private/*", answer("403"))
    weighted = home.listener(
        public,
        "HTTP",
        88,
        {
            "Type": "forward",
            "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": web["TargetGroupArn"], "Weight": 1}]},
        },
    )
    secure = home.listener(public, "HTTPS", 443, web, MODERN)
    internal = home.listener(home.balancer("inside", scheme="internal"), "HTTP", 80, home.targets("inside"))
    network = home.listener(home.balancer("stream", kind="network"), "TCP", 80, home.targets("stream", "TCP"))
    far = abroad.listener(abroad.balancer("far"), "HTTP", 80, abroad.targets("far"))

    always = [
        verdict(REDIRECT, HOME, plain[81], "a default and a path that redirect", "pass"),
        verdict(REDIRECT, HOME, plain[87], "answers that are errors", "pass"),
        verdict(REDIRECT, HOME, secure, "a listener of HTTPS", "not-applicable"),
        verdict(REDIRECT, HOME, internal, "an internal load balancer", "not-applicable"),
        verdict(REDIRECT, HOME, network, "a network load balancer's TCP", "not-applicable"),
    ]
    yield [
        verdict(REDIRECT, HOME, plain[80], "a redirect, and a path that forwards", "fail"),
        verdict(REDIRECT, HOME, plain[82], "a redirect, and a path that answers", "fail"),
        verdict(REDIRECT, HOME, plain[83], "a default that forwards", "fail"),
        verdict(REDIRECT, HOME, plain[84], "a redirect to HTTP", "fail"),
        verdict(REDIRECT, HOME, plain[85], "a redirect that keeps the protocol", "fail"),
        verdict(REDIRECT, HOME, plain[86], "a fixed answer in clear", "fail"),
        verdict(REDIRECT, HOME, weighted, "a forward by weight", "fail"),
        verdict(REDIRECT, ABROAD, far, "a default that forwards, in the second region", "fail"),
        *always,
    ]

    home.elb.modify_rule(RuleArn=by_path, Actions=[TO_HTTPS])
    home.elb.delete_rule(RuleArn=answering)
    for listener in (plain[83], plain[84], plain[85], plain[86], weighted):
        home.mend(listener)
    abroad.mend(far)
    yield [
        verdict(REDIRECT, HOME, plain[80], "its path redirects", "pass"),
        verdict(REDIRECT, HOME, plain[82], "its path is gone", "pass"),
        *(verdict(REDIRECT, HOME, plain[port], f"port {port} redirects", "pass") for port in (83, 84, 85, 86)),
        verdict(REDIRECT, HOME, weighted, "port 88 redirects", "pass"),
        verdict(REDIRECT, ABROAD, far, "it redirects, in the second region", "pass"),
        *always,
    ]


def policy_states(account: Account) -> States:
    home = Place(account, HOME, "10.32")
    abroad = Place(account, ABROAD, "10.33")
    web = home.targets("tls")
    public = home.balancer("tls")
    listeners = {port: home.listener(public, "HTTPS", port, web, policy) for port, _, policy, _ in POLICIES}
    stream = home.targets("tls-stream", "TCP")
    network = home.balancer("tls-stream", kind="network")
    by_network = home.listener(network, "TLS", 443, stream, "ELBSecurityPolicy-2016-08")
    no_tls = home.listener(network, "TCP", 8080, stream)
    inside = home.listener(
        home.balancer("tls-inside", scheme="internal"), "HTTPS", 443, web, "ELBSecurityPolicy-2016-08"
    )
    far = abroad.listener(
        abroad.balancer("tls-far"), "HTTPS", 443, abroad.targets("tls-far"), "ELBSecurityPolicy-2016-08"
    )

    yield [
        *(verdict(TLS, HOME, listeners[port], trap, outcome) for port, trap, _, outcome in POLICIES),
        verdict(TLS, HOME, by_network, "TLS 1.0 on a network load balancer", "fail"),
        verdict(TLS, HOME, no_tls, "TCP without TLS", "not-applicable"),
        verdict(TLS, HOME, inside, "TLS 1.0 on an internal load balancer", "fail"),
        verdict(TLS, ABROAD, far, "TLS 1.0 in the second region", "fail"),
    ]

    for port, _, _, outcome in POLICIES:
        if outcome != "pass":
            home.elb.modify_listener(ListenerArn=listeners[port], SslPolicy=MODERN)
    for listener in (by_network, inside):
        home.elb.modify_listener(ListenerArn=listener, SslPolicy=MODERN)
    abroad.elb.modify_listener(ListenerArn=far, SslPolicy=MODERN)
    yield [
        *(
            verdict(TLS, HOME, listeners[port], f"{trap}, before it was mended", "pass")
            for port, trap, _, _ in POLICIES
        ),
        verdict(TLS, HOME, by_network, "mended on a network load balancer", "pass"),
        verdict(TLS, HOME, no_tls, "TCP without TLS", "not-applicable"),
        verdict(TLS, HOME, inside, "mended on an internal load balancer", "pass"),
        verdict(TLS, ABROAD, far, "mended in the second region", "pass"),
    ]
