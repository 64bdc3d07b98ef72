{{- define "continuum.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "continuum.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "continuum.labels" -}}
{{ include "continuum.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- /* What a pod of ours may do, which is next to nothing. */}}
{{- define "continuum.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  # The files of the Secret are for this group.
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "continuum.container" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: secret
    mountPath: /etc/continuum
    readOnly: true
{{- end }}

{{- define "continuum.database" -}}
- name: CONTINUUM_DATABASE_FILE
  value: /etc/continuum/database
{{- if .Values.pooler }}
- name: CONTINUUM_DIRECT_DATABASE_FILE
  value: /etc/continuum/direct-database
{{- end }}
{{- end }}

{{- define "continuum.secretVolume" -}}
- name: secret
  secret:
    secretName: {{ .Values.secret }}
    defaultMode: 0440
{{- end }}
