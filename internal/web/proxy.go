package web

import (
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the networks whose word about where a request comes from is believed.
type proxies []netip.Prefix

func newProxies(networks []string) (proxies, error) {
	var p proxies
	for _, network := range networks {
		prefix, err := netip.ParsePrefix(network)
		if err != nil {
			address, failed := netip.ParseAddr(network)
			if failed != nil {
				return nil, errors.New("a trusted proxy is an address or a network, like 10.0.0.0/8")
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		p = append(p, prefix.Masked())
	}
	return p, nil
}

func (p proxies) trust(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}

// address is where a request comes from. Each proxy appends to X-Forwarded-For who called it, so the list is true from
// its end up to the first that we do not trust: whatever stands before that, the caller may have written.
func (p proxies) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "" // no TCP: all callers are one
	}
	from := peer.Addr().Unmap().WithZone("")
	steps := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(steps) - 1; i >= 0 && p.trust(from); i-- {
		step, err := netip.ParseAddr(strings.TrimSpace(steps[i]))
		if err != nil {
			break
		}
		from = step.Unmap().WithZone("")
	}
	if from.Is6() { // whoever has one address of such a network has all
		network, err := from.Prefix(64)
		if err == nil {
			return network.String()
		}
	}
	return from.String()
}
