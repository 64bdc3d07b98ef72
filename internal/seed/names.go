package seed

import "continuum/internal/practice"

// spelling is a name and how lists order it.
type spelling struct{ name, folded string }

func spell(names ...string) []spelling {
	list := make([]spelling, len(names))
	for i, name := range names {
		list[i] = spelling{name, practice.FoldName(name)}
	}
	return list
}

// names of the large data.
type names struct{ given, family, towns []spelling }

func newNames() names {
	return names{
		given: spell("Adèle", "Alexis", "Alice", "Amélie", "Antoine", "Arthur", "Béatrice", "Benoît", "Camille", "Charles",
			"Chloé", "Clara", "Daphnée", "David", "Édouard", "Élise", "Émile", "Emma", "Étienne", "Eva", "Félix", "Florence",
			"Gabriel", "Hubert", "Inès", "Jacob", "Jade", "Jérémie", "Juliette", "Karim", "Laurence", "Léo", "Louis", "Lucas",
			"Maëlle", "Malik", "Mathilde", "Maxime", "Mégane", "Nathan", "Nour", "Océane", "Olivia", "Pénélope", "Philippe",
			"Raphaël", "Romane", "Rose", "Sacha", "Salma", "Simone", "Sofia", "Théo", "Thuy", "Victor", "William", "Xavier",
			"Yanis", "Zachary", "Zoé"),
		family: spell("Beaulieu", "Bédard", "Bergeron", "Bernier", "Bertrand", "Blais", "Boivin", "Bolduc", "Boucher",
			"Boudreau", "Cardinal", "Caron", "Charbonneau", "Chen", "Cloutier", "Côté", "Cyr", "Deschênes", "Desjardins",
			"Diallo", "Drouin", "Dubé", "Dufour", "Dupuis", "Fontaine", "Fortin", "Fournier", "Gagné", "Gagnon", "Gauthier",
			"Gélinas", "Giroux", "Gosselin", "Grenier", "Hamel", "Hébert", "Houle", "Jean-Baptiste", "Lachance", "Lambert",
			"Landry", "Lapointe", "Larouche", "Lavoie", "Leblanc", "Leclerc", "Lefebvre", "Lemay", "L'Heureux", "Lessard",
			"Martel", "Ménard", "Mercier", "Morin", "Nadeau", "Nguyen", "O'Neill", "Ouellet", "Paquette", "Parent",
			"Pelletier", "Perreault", "Plante", "Poirier", "Poulin", "Proulx", "Raymond", "Rioux", "Robert", "Roy",
			"Savard", "Séguin", "Simard", "St-Pierre", "Tessier", "Therrien", "Thibault", "Tremblay", "Turcotte", "Vachon"),
		towns: spell("Saint-Glinglin", "Sainte-Cunégonde", "Val-des-Brumes", "Lac-aux-Loutres", "Pointe-Fictive"),
	}
}
