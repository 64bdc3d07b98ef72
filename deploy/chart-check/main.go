// Command chart-check reads the manifests that `helm template` writes and refuses what Kubernetes' own types do not know:
// a misspelt field, a value of the wrong kind. It is a module of its own, so that the program does not depend on Kubernetes.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// kinds are what the chart may hold.
var kinds = map[string]func() any{
	"apps/v1 Deployment":            func() any { return &appsv1.Deployment{} },
	"batch/v1 Job":                  func() any { return &batchv1.Job{} },
	"v1 Service":                    func() any { return &corev1.Service{} },
	"policy/v1 PodDisruptionBudget": func() any { return &policyv1.PodDisruptionBudget{} },
}

func main() {
	if err := check(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "chart-check:", err)
		os.Exit(1)
	}
}

func check(from io.Reader) error {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(from))
	found := 0
	for {
		text, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		var kind metav1.TypeMeta
		if err := yaml.Unmarshal(text, &kind); err != nil {
			return err
		}
		if kind.Kind == "" {
			continue // nothing but comments
		}
		name := kind.APIVersion + " " + kind.Kind
		known, ok := kinds[name]
		if !ok {
			return fmt.Errorf("the chart holds a %s, which nobody expects", name)
		}
		if err := strictly(text, known()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		found++
	}
	if found < 3 {
		return fmt.Errorf("only %d manifests", found)
	}
	fmt.Printf("%d manifests are what Kubernetes knows\n", found)
	return nil
}

// strictly minds the case of names too, as Kubernetes does.
func strictly(text []byte, into any) error {
	asJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return err
	}
	strange, err := json.UnmarshalStrict(asJSON, into)
	return errors.Join(err, errors.Join(strange...))
}
