package main

// workloads are the answers by the name of their operation.
func workloads(e engine) map[string]workload {
	return map[string]workload{
		"Point": point(e),
		"Page":  page(e),
	}
}
