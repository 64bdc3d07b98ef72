package main

func reads(e engine) map[string]workload {
	return map[string]workload{
		"Point":    point(e),
		"Overview": centralized(e),
		"Page":     page(e),
		"Record":   record(e),
		"Search":   search(e),
		"Fan":      fan(e),
	}
}

func changes(e engine) map[string]workload {
	return map[string]workload{
		"Create": create(e),
		"Link":   link(e),
		"Update": update(e),
		"Share":  share(e),
		"Accept": accept(e),
	}
}
