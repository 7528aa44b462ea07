"""What a class talks about: things, places, people, animals, school, and what they are like."""

from __future__ import annotations

from .grammar import adjectives, nouns

THINGS = nouns(
    "book livre m, car voiture f, table table f, chair chaise f, door porte f, window fenêtre "
    "f, pen stylo m, pencil crayon m, bag sac m, box/boxes boîte f, letter lettre f, postcard "
    "carte_postale/cartes_postales f, painting tableau m, flower fleur f, shirt chemise f, "
    "dress/dresses robe f, coat "
    "manteau m, hat chapeau m, shoe chaussure f, bicycle vélo m, house maison f, lamp lampe f, "
    "bottle bouteille f, glass verre m, cup tasse f, plate assiette f, knife/knives couteau m, "
    "fork fourchette f, spoon cuillère f, key clé f, phone téléphone m, computer ordinateur m, "
    "screen écran m, newspaper journal m, map carte f, ball balle f, doll poupée f, game jeu m, "
    "song chanson f, film film m, clock horloge f, mirror miroir m, bed lit m, blanket "
    "couverture f, pillow oreiller m, umbrella parapluie m, suitcase valise f, ring bague f, "
    "apple pomme f, orange orange f, cake gâteau m, egg œuf m, stone pierre f, wall mur m, roof "
    "toit m, gift cadeau m, ship navire m, boat bateau m, plane avion m, train train m, "
    "bus/buses bus m, road route f, tree arbre m, leaf/leaves feuille f, story histoire f, poem "
    "poème m, question question f, answer réponse f, idea idée f, sentence phrase f, word mot "
    "m, number nombre m, page page f, notebook cahier m, ruler règle f, eraser gomme f, "
    "calculator calculatrice f, trophy trophée m, statue statue f, guitar guitare f, violin "
    "violon m, flag drapeau m, ladder échelle f, basket panier m, curtain rideau m, carpet "
    "tapis m, button bouton m, drawer tiroir m, candle bougie f, soap savon m, towel serviette "
    "f, ticket billet m, tool outil m, hammer marteau m, nail clou m, needle aiguille f, "
    "envelope enveloppe f, photograph photographie f, drawing dessin m, magazine magazine m"
)
PLACES = nouns(
    "garden jardin m, kitchen cuisine f, school école f, street rue f, park parc m, room "
    "chambre f, library bibliothèque f, museum musée m, church/churches église f, station gare "
    "f, shop magasin m, market marché m, hospital hôpital m, office bureau m, factory usine f, "
    "forest forêt f, village village m, city ville f, castle château m, hotel hôtel m, "
    "restaurant restaurant m, bathroom salle_de_bain f, living_room salon m, classroom "
    "salle_de_classe f, theater théâtre m, zoo zoo m, airport aéroport m, farm ferme f, "
    "beach/beaches plage f, pool piscine f, basement cave f, attic grenier m, corridor couloir "
    "m, laboratory laboratoire m, university université f, field champ m, playground "
    "cour_de_récréation f, gym gymnase m, cinema cinéma m, bakery boulangerie f, pharmacy "
    "pharmacie f, canteen cantine f"
)
ANIMALS = nouns(
    "dog chien m, cat chat m, horse cheval m, cow vache f, sheep/sheep mouton m, goat chèvre f, "
    "pig cochon m, hen poule f, duck canard m, rabbit lapin m, mouse/mice souris f, fox/foxes "
    "renard m, wolf/wolves loup m, bear ours m, lion lion m, tiger tigre m, elephant éléphant "
    "m, monkey singe m, giraffe girafe f, zebra zèbre m, snake serpent m, frog grenouille f, "
    "turtle tortue f, bird oiseau m, eagle aigle m, owl hibou/hibous m, bee abeille f, spider "
    "araignée f, ant fourmi f, butterfly papillon m, whale baleine f, shark requin m, dolphin "
    "dauphin m, fish/fish poisson m, squirrel écureuil m, donkey âne m, camel chameau m, "
    "penguin manchot m, parrot perroquet m, crocodile crocodile m, kangaroo kangourou m, "
    "octopus/octopuses pieuvre f, chicken poulet m, hedgehog hérisson m, deer/deer cerf m, swan "
    "cygne m, bat chauve-souris/chauves-souris f"
)
PEOPLE = nouns(
    "man/men homme m, woman/women femme f, boy garçon m, girl fille f, child/children enfant m, "
    "teacher professeur m, student étudiant m, pupil élève m, neighbor voisin m, friend ami m, "
    "brother frère m, sister sœur f, mother mère f, father père m, grandmother "
    "grand-mère/grands-mères f, grandfather grand-père/grands-pères m, aunt tante f, uncle "
    "oncle m, cousin cousin m, daughter fille f, son fils m, queen reine f, king roi m, "
    "princess/princesses princesse f, prince prince m, doctor médecin m, nurse infirmière f, "
    "baker boulanger m, farmer agriculteur m, actor acteur m, actress/actresses actrice f, "
    "singer chanteuse f, writer écrivain m, painter peintre m, scientist scientifique m, "
    "engineer ingénieur m, lawyer avocat m, waitress/waitresses serveuse f, waiter serveur m, "
    "soldier soldat m, pilot pilote m, policeman/policemen policier m, thief/thieves voleur m, "
    "guest invité m, tourist touriste m, musician musicien m, dancer danseuse f, cook cuisinier "
    "m, programmer programmeur m, researcher chercheur m, astronaut astronaute m, witch/witches "
    "sorcière f, wizard magicien m"
)
FAMILY = tuple(
    one
    for one in PEOPLE
    if one.english
    in (
        "brother sister mother father grandmother grandfather aunt uncle cousin "
        "daughter son friend neighbor"
    ).split()
)
SCIENCE = nouns(
    "planet planète f, star étoile f, moon lune f, atom atome m, molecule molécule f, cell "
    "cellule f, plant plante f, virus/viruses virus m, computer ordinateur m, robot robot m, "
    "machine machine f, model modèle m, neural_network réseau_de_neurones/réseaux_de_neurones "
    "m, network réseau m, neuron neurone m, algorithm algorithme m, program programme m, "
    "language langue f, translation traduction f, translator traducteur m, experiment "
    "expérience f, theory théorie f, law loi f, equation équation f, triangle triangle m, "
    "circle cercle m, square carré m, line ligne f, angle angle m, curve courbe f, "
    "matrix/matrices matrice f, vector vecteur m, satellite satellite m, rocket fusée f, "
    "telescope télescope m, microscope microscope m, magnet aimant m, battery pile f, engine "
    "moteur m, volcano/volcanoes volcan m, earthquake "
    "tremblement_de_terre/tremblements_de_terre m, continent continent m, island île f, ocean "
    "océan m, river rivière f, mountain montagne f, desert désert m, dinosaur dinosaure m, "
    "fossil fossile m, transformer transformeur m, chatbot chatbot m, dictionary dictionnaire "
    "m, encoder encodeur m, decoder décodeur m, layer couche f, token jeton m, sequence "
    "séquence f, image image f, sound son m, signal signal m, example exemple m, mistake erreur "
    "f, weight poids m, sentence phrase f, paragraph paragraphe m, text texte m, novel roman m, "
    "empire empire m, war guerre f, revolution révolution f, treaty traité m, king roi m, "
    "president président m, election élection f, right droit m, century siècle m"
)
SUBJECTS = nouns(
    "physics/physics physique f, chemistry/chemistry chimie f, biology/biology biologie f, "
    "history/history histoire f, geography/geography géographie f, music/music musique f, "
    "art/art art m, philosophy/philosophy philosophie f, literature/literature littérature f, "
    "astronomy/astronomy astronomie f, economics/economics économie f, computer_science/x "
    "informatique f, linguistics/linguistics linguistique f, psychology/psychology psychologie "
    "f, grammar/grammar grammaire f, law/law droit m, medicine/medicine médecine f, "
    "geometry/geometry géométrie f, algebra/algebra algèbre f, poetry/poetry poésie f, "
    "science/science science f, sport/sport sport m, love/love amour m, friendship/friendship "
    "amitié f, knowledge/knowledge savoir m, patience/patience patience f, courage/courage "
    "courage m, freedom/freedom liberté f, justice/justice justice f, peace/peace paix f, "
    "truth/truth vérité f, beauty/beauty beauté f, money/money argent m, happiness/happiness "
    "bonheur m, silence/silence silence m, practice/practice pratique f, "
    "imagination/imagination imagination f, curiosity/curiosity curiosité f, hope/hope espoir "
    "m, time/time temps m, life/life vie f, death/death mort f, sleep/sleep sommeil m, "
    "work/work travail m, nature/nature nature f, attention/attention attention f, "
    "intelligence/intelligence intelligence f, memory/memory mémoire f, language/language "
    "langage m"
)
COUNTRIES = nouns(
    "France France f, Germany Allemagne f, Spain Espagne f, Italy Italie f, England Angleterre "
    "f, Scotland Écosse f, Ireland Irlande f, Belgium Belgique f, Switzerland Suisse f, Austria "
    "Autriche f, Poland Pologne f, Russia Russie f, Ukraine Ukraine f, Greece Grèce f, Turkey "
    "Turquie f, China Chine f, India Inde f, Australia Australie f, Argentina Argentine f, "
    "Algeria Algérie f, Tunisia Tunisie f, Egypt Égypte f, Norway Norvège f, Sweden Suède f, "
    "Finland Finlande f, Hungary Hongrie f, Romania Roumanie f, Thailand Thaïlande f, Japan "
    "Japon m, Canada Canada m, Brazil Brésil m, Mexico Mexique m, Portugal Portugal m, Denmark "
    "Danemark m, Morocco Maroc m, Senegal Sénégal m, Vietnam Vietnam m, Chile Chili m, Peru "
    "Pérou m, Kenya Kenya m, Europe Europe f, Africa Afrique f, Asia Asie f"
)
MATERIALS = (
    ("stone", "pierre"),
    ("wood", "bois"),
    ("metal", "métal"),
    ("glass", "verre"),
    ("gold", "or"),
    ("plastic", "plastique"),
    ("paper", "papier"),
    ("iron", "fer"),
    ("silver", "argent"),
    ("leather", "cuir"),
    ("cotton", "coton"),
    ("marble", "marbre"),
    ("steel", "acier"),
)
COLORS = adjectives(
    "black noir, white blanc blanche, red rouge, blue bleu, green vert, yellow jaune, gray "
    "gris, pink rose, purple violet violette, brown brun"
)
QUALITIES = adjectives(
    "old <vieux vieille, new <nouveau nouvelle, big <grand, small <petit, beautiful <beau "
    "belle, good <bon bonne, bad <mauvais, long <long longue, heavy lourd, light léger légère, "
    "expensive cher chère, broken cassé, clean propre, dirty sale, wet mouillé, dry sec sèche, "
    "empty vide, full plein, round rond, strange étrange, interesting intéressant, boring "
    "ennuyeux, difficult difficile, easy facile, simple simple, useful utile, useless inutile, "
    "important important, famous célèbre, dangerous dangereux, perfect parfait, modern moderne, "
    "ancient ancien ancienne, open ouvert, closed fermé, wonderful merveilleux, terrible "
    "terrible, ugly laid, soft doux douce, hard dur, warm chaud, cold froid, fragile fragile, "
    "green vert, white blanc blanche, black noir"
)
SIZES = adjectives(
    "wide large, narrow étroit, deep profond, high haut, broad large, busy fréquenté, slippery "
    "glissant, muddy boueux, crowded bondé"
)
"""Of what is crossed, never of who crosses it."""
MOODS = adjectives(
    "happy heureux, sad triste, tired fatigué, angry fâché, sick malade, strong fort, weak "
    "faible, brave courageux, lazy paresseux, kind gentil gentille, nice gentil gentille, clever "
    "intelligent, curious curieux, quiet calme, nervous nerveux, young jeune, old vieux vieille, "
    "busy occupé, proud fier fière, alone seul, ready prêt, surprised surpris, worried inquiet "
    "inquiète, satisfied satisfait, free libre, slow lent, fast rapide, beautiful beau belle, "
    "famous célèbre, rich riche, poor pauvre, equal égal égale, different différent, "
    "serious sérieux, jealous jaloux jalouse, shy timide"
)
STATES = adjectives(
    "tired fatigué, sad triste, sick malade, weak faible, lazy paresseux, nervous nerveux, "
    "frightened effrayé, worried inquiet inquiète, shy timide, drunk ivre, exhausted épuisé, "
    "sleepy endormi, distracted distrait, young jeune, old vieux vieille"
)
"""Of who crosses, never of what is crossed."""
